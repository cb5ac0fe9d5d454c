import { setTimeout as sleep } from 'node:timers/promises'
import { optional } from '../../errors.ts'
import { CloseTracker, WHO_FILTER, type TracedProcess } from './close-tracker.ts'
import { programName } from '../../processes/process-facts.ts'
import { parseSockState, type SockStateEvent } from './sock-state-event.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { openTraceInstance } from './trace-instance.ts'
import { readProcessFacts } from '../../processes/read-process-facts.ts'
import { readTcpCounters } from '../read/tcp-counters.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import type { WhoClosed } from './who-closed.ts'

/** Short enough to read the name of a process before it is gone. */
const POLL_MS = 20

/** Traces for `seconds`, or until `signal` says to stop, and reads the tables at the end. */
export async function traceWhoClosed(
  source: ProcSource,
  seconds: number,
  signal: AbortSignal,
): Promise<{ snapshot: TimeWaitSnapshot; who: WhoClosed }> {
  const tracker = new CloseTracker()
  const processes = new Map<number, TracedProcess>()
  const processOf = (event: SockStateEvent) => {
    const pid = event.pid ?? event.tid
    let known = processes.get(pid)
    if (known === undefined) processes.set(pid, (known = identify(source, pid, event.comm)))
    return known
  }
  const instance = openTraceInstance({ event: 'sock/inet_sock_set_state', filter: WHO_FILTER })
  try {
    const drain = () => {
      for (const line of instance.read().split('\n')) {
        const event = parseSockState(line)
        if (event !== undefined) tracker.add(event, processOf)
      }
    }
    const before = readTcpCounters(path => optional(() => source.readFile(path)))
    const fromS = monotonicS()
    while (!signal.aborted && monotonicS() - fromS < seconds) {
      await sleep(POLL_MS)
      drain()
    }
    const after = readTcpCounters(path => optional(() => source.readFile(path)))
    const toS = monotonicS()
    drain()
    const lostEvents = instance.lost()
    instance.close()
    const snapshot = readSnapshot(source)
    const counterDelta = (key: 'born' | 'bornShort' | 'overflowed') => (after[key] ?? 0) - (before[key] ?? 0)
    const who = tracker.result({
      fromS,
      toS,
      netns: source.meta.netns,
      isInTables: ({ localAddress, localPort, remoteAddress, remotePort }) =>
        snapshot.find(localAddress, localPort, remoteAddress, remotePort) !== undefined,
      listens: (address, port) => snapshot.connections.listening.has(address, port),
      counted:
        after.born === undefined
          ? undefined
          : { timeWait: counterDelta('born') + counterDelta('bornShort'), overflowed: counterDelta('overflowed') },
      lostEvents,
    })
    return { snapshot, who }
  } finally {
    instance.close()
  }
}

/** A process that ended before it could be looked at keeps the name its thread had in the trace. */
function identify(source: ProcSource, pid: number, comm: string): TracedProcess {
  const facts = readProcessFacts(source, pid, 'name', undefined)
  const commandLine = facts.args?.join(' ')
  return {
    pid,
    program: programName(facts) || comm,
    commandLine,
    netns: optional(() => source.readLink(`${pid}/ns/net`)),
  }
}

/** The clock the trace is set to. */
function monotonicS(): number {
  return Number(process.hrtime.bigint()) / 1e9
}
