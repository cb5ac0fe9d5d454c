import type { ProcessName } from '../../processes/process-facts.ts'
import type { ClosedConnection, CloserGroup, RefusedConnect, Role, WhoClosed } from './who-closed.ts'
import type { SockStateEvent } from './sock-state-event.ts'

/** Filter for the state changes that show who closed first. Numbers: see tcp-state. */
export const WHO_FILTER =
  'protocol==6 && (newstate==4 || (oldstate==2 && newstate==1) || (newstate==7 && (oldstate==5 || oldstate==11 || (oldstate==2 && sport==0))))'

/** A process as the trace knows it, with the network namespace it was found in. */
export interface TracedProcess extends ProcessName {
  commandLine?: string | undefined
  netns: string | undefined
}

/** A connection that ended in TIME_WAIT or FIN_WAIT2. */
interface Ended {
  event: SockStateEvent
  closer: TracedProcess | undefined
  opened: boolean
}

/**
 * Follows connections from the first close to TIME_WAIT.
 *
 * The kernel creates the TIME_WAIT record in an interrupt, whatever thread runs: naming that thread is right in 3 % of
 * cases. But the process that closes first takes the socket to FIN_WAIT1 by its own system call: it is kept by connection
 * and named when the full socket ends (FIN_WAIT2 or CLOSING → CLOSE) and its TIME_WAIT record begins.
 */
export class CloseTracker {
  readonly #closing = new Map<string, TracedProcess>()
  readonly #opened = new Set<string>()
  readonly #ended: Ended[] = []
  readonly #refused: { event: SockStateEvent; by: TracedProcess }[] = []

  add(event: SockStateEvent, processOf: (event: SockStateEvent) => TracedProcess): void {
    const { oldState, newState } = event
    const key = `${event.localAddress} ${event.localPort} ${event.remoteAddress} ${event.remotePort}`
    if (newState === 'ESTABLISHED') this.#opened.add(key)
    else if (newState === 'FIN_WAIT1') this.#closing.set(key, processOf(event))
    else if (newState === 'CLOSE' && oldState === 'SYN_SENT') this.#refused.push({ event, by: processOf(event) })
    else if (newState === 'CLOSE') {
      this.#ended.push({ event, closer: this.#closing.get(key), opened: this.#opened.delete(key) })
      this.#closing.delete(key)
    }
  }

  /** What happened between `fromS` and `toS` of the trace's clock in the namespace `netns`. */
  result(facts: {
    fromS: number
    toS: number
    netns: string | undefined
    /** Whether a connection is in the tables of the traced namespace: decides those whose closer has ended. */
    isInTables: (connection: ClosedConnection) => boolean
    /** Whether there is a listener. */
    listens: (address: string, port: number) => boolean
    counted: WhoClosed['counted']
    lostEvents: number
  }): WhoClosed {
    const within = ({ event }: { event: SockStateEvent }) => event.atS >= facts.fromS && event.atS <= facts.toS
    const isForeign = (netns: string | undefined) =>
      netns !== undefined && facts.netns !== undefined && netns !== facts.netns
    const connections: ClosedConnection[] = []
    let foreign = 0
    for (const ended of this.#ended.filter(within)) {
      const connection = connectionOf(ended, facts.listens)
      const isLocal = ended.closer?.netns === undefined ? facts.isInTables(connection) : !isForeign(ended.closer.netns)
      if (isLocal) connections.push(connection)
      else foreign += 1
    }
    const refused = this.#refused.filter(within).filter(({ by }) => !isForeign(by.netns))
    return {
      tracedS: facts.toS - facts.fromS,
      closers: groupClosers(connections, this.#ended),
      refused: groupRefused(refused),
      connections,
      counted: facts.counted,
      explained: connections.filter(connection => connection.closer !== undefined).length,
      foreign,
      lostEvents: facts.lostEvents,
    }
  }
}

function connectionOf(
  { event, closer, opened }: Ended,
  listens: (address: string, port: number) => boolean,
): ClosedConnection {
  const { localAddress, localPort, remoteAddress, remotePort } = event
  const role: Role = opened ? 'client' : listens(localAddress, localPort) ? 'server' : 'unknown'
  return {
    localAddress,
    localPort,
    remoteAddress,
    remotePort,
    role,
    closer: closer && nameOf(closer),
  }
}

function nameOf({ pid, program, isThreadName }: TracedProcess): ProcessName {
  return { pid, program, ...(isThreadName && { isThreadName }) }
}

function groupClosers(connections: readonly ClosedConnection[], ended: readonly Ended[]): CloserGroup[] {
  const commandLines = new Map(ended.map(({ closer }) => [closer?.pid, closer?.commandLine]))
  const groups = new Map<string, CloserGroup>()
  for (const { role, closer, ...ends } of connections) {
    const [address, port] =
      role === 'server' ? [ends.localAddress, ends.localPort] : [ends.remoteAddress, ends.remotePort]
    const key = `${closer?.pid} ${role} ${address} ${port}`
    const known = groups.get(key)
    if (known === undefined)
      groups.set(key, {
        process: closer && { ...closer, commandLine: commandLines.get(closer.pid) },
        role,
        address,
        port,
        count: 1,
      })
    else known.count += 1
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}

function groupRefused(refused: readonly { event: SockStateEvent; by: TracedProcess }[]): RefusedConnect[] {
  const groups = new Map<string, RefusedConnect>()
  for (const { event, by } of refused) {
    const { remoteAddress, remotePort } = event
    const key = `${by.pid} ${remoteAddress} ${remotePort}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { process: nameOf(by), remoteAddress, remotePort, count: 1 })
    else known.count += 1
  }
  return [...groups.values()].sort((a, b) => b.count - a.count)
}
