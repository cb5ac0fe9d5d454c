import { TCP_STATE } from '../../src/kernel/tcp-state.ts'
import { healthFacts, type HealthFacts } from '../../src/sockets/health/facts.ts'
import type { HealthLook, InetSocket } from '../../src/sockets/health/look.ts'
import type { HealthFinding, HealthRule } from '../../src/sockets/health/rule.ts'
import type { InetRow } from '../../src/sockets/model.ts'

let inodes = 0

type Fields = Partial<InetRow> & { pid?: number; program?: string; args?: string[] }

/** A socket of TCP on 127.0.0.1, held by a process where `pid` is given. */
export function inetSocket({ pid, program = 'app', args = [program], ...fields }: Fields): InetSocket {
  const row: InetRow = {
    table: 'tcp',
    slot: 0,
    localAddress: '127.0.0.1',
    localPort: 80,
    remoteAddress: '0.0.0.0',
    remotePort: 0,
    state: TCP_STATE.established,
    txQueueBytes: 0,
    rxQueueBytes: 0,
    timer: 0,
    timerTicks: 0,
    retransmits: 0,
    uid: 0,
    probes: 0,
    inode: String((inodes += 1)),
    refs: undefined,
    pointer: undefined,
    drops: undefined,
    ...fields,
  }
  const owners = pid === undefined ? [] : [{ process: { pid, args }, heldBy: 'fd' as const, fds: [3] }]
  return { row, owners }
}

export const listener = (fields: Fields = {}) =>
  inetSocket({ state: TCP_STATE.listen, pid: 7, inode: '700', ...fields })

/** A connection to 127.0.0.1:80 from the port. */
export const connection = (remotePort: number, fields: Fields = {}) =>
  inetSocket({ remoteAddress: '127.0.0.1', remotePort, ...fields })

/** A connection that no process holds yet. */
export const unaccepted = (remotePort: number) => connection(remotePort, { inode: '0' })

/** The socket with other values, the same in its identity. */
export const later = (socket: InetSocket, fields: Partial<InetRow>): InetSocket => ({
  ...socket,
  row: { ...socket.row, ...fields },
})

interface Look extends Partial<Omit<HealthLook, 'counters' | 'sockets' | 'gauges' | 'processes'>> {
  /** `TcpExt.ListenOverflows` → value. */
  counters?: Record<string, number>
  /** Gauges of TCP. */
  tcp?: Record<string, number>
  processes?: Record<number, HealthLook['processes'] extends ReadonlyMap<number, infer State> ? State : never>
}

export function lookAt(sockets: readonly InetSocket[], look: Look = {}): HealthLook {
  const { counters = {}, tcp = {}, processes = {}, ...rest } = look
  const protocols = new Map<string, Map<string, number>>()
  for (const [key, value] of Object.entries(counters)) {
    const [protocol, name] = key.split('.') as [string, string]
    protocols.set(protocol, (protocols.get(protocol) ?? new Map<string, number>()).set(name, value))
  }
  return {
    atMs: 0,
    sockets,
    counters: protocols,
    gauges: new Map([['TCP', new Map(Object.entries(tcp))]]),
    settings: {},
    processes: new Map(Object.entries(processes).map(([pid, state]) => [Number(pid), state])),
    ...rest,
  }
}

/** What a rule says of one look. */
export const once = (rule: HealthRule, sockets: readonly InetSocket[], look: Look = {}): HealthFinding[] =>
  rule.check(healthFacts(lookAt(sockets, look), undefined))

/** What it says of two looks that are two seconds apart. */
export function twice(
  rule: HealthRule,
  before: readonly InetSocket[],
  now: readonly InetSocket[] = before,
  looks: { before?: Look; now?: Look } = {},
): HealthFinding[] {
  return rule.check(factsOf(before, now, looks))
}

export const factsOf = (
  before: readonly InetSocket[],
  now: readonly InetSocket[],
  looks: { before?: Look; now?: Look } = {},
): HealthFacts => healthFacts(lookAt(now, { atMs: 2000, ...looks.now }), lookAt(before, looks.before))
