import type { SocketJson } from '../../sockets/answer/index.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { PeerView } from '../model.ts'

/** Addresses that are shown; the table of sockets has the others. */
const MOST_PEERS = 100
/** Services and programs named of each. */
const MOST_NAMED = 3

interface Tally {
  connections: number
  states: Map<string, number>
  services: Map<string, number>
  programs: Map<string, number>
  here: string | undefined
}

/** Whom a machine talks to, most connections first. */
export function peersOf(sockets: readonly SocketJson[]): PeerView[] {
  const listening = new Set(
    sockets.flatMap(socket => ('localPort' in socket && socket.state === 'LISTEN' ? [socket.localPort] : [])),
  )
  const tallies = new Map<string, Tally>()
  for (const socket of sockets) {
    if (!('remoteAddress' in socket) || socket.remotePort === 0) continue
    const tally = tallies.get(socket.remoteAddress) ?? emptyTally()
    tallies.set(socket.remoteAddress, tally)
    tally.connections += 1
    count(tally.states, socket.state)
    count(tally.services, listening.has(socket.localPort) ? `in :${socket.localPort}` : `out :${socket.remotePort}`)
    for (const { program, comm } of socket.owners?.slice(0, 1) ?? [])
      count(tally.programs, escapeText(program ?? comm ?? ''))
    const end = socket.peer?.ends.find(({ owners }) => owners.length > 0)
    tally.here ??= end && `${escapeText(end.owners[0]!.program)} (pid ${end.owners[0]!.pid})`
  }
  return [...tallies]
    .sort(([, a], [, b]) => b.connections - a.connections)
    .slice(0, MOST_PEERS)
    .map(([address, { connections, states, services, programs, here }]) => ({
      address,
      connections,
      states: Object.fromEntries(byCount(states)),
      services: byCount(services).slice(0, MOST_NAMED).map(nameOf),
      programs: byCount(programs).slice(0, MOST_NAMED).map(nameOf),
      here,
    }))
}

const emptyTally = (): Tally => ({
  connections: 0,
  states: new Map(),
  services: new Map(),
  programs: new Map(),
  here: undefined,
})

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
const byCount = (counts: Map<string, number>) => [...counts].sort(([, a], [, b]) => b - a)
const nameOf = ([name]: [string, number]) => name
