import { setTimeout as sleep } from 'node:timers/promises'
import { optional } from '../../errors.ts'
import { CloseTracker, WHO_FILTER } from './close-tracker.ts'
import { parseSockState } from './sock-state-event.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { openTraceInstance } from './trace-instance.ts'
import { readTcpCounters } from '../read/tcp-counters.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { TracedProcesses } from './traced-processes.ts'
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
  const processes = new TracedProcesses(source)
  const instance = openTraceInstance({ event: 'sock/inet_sock_set_state', filter: WHO_FILTER })
  try {
    const drain = () => {
      for (const line of instance.read().split('\n')) {
        const event = parseSockState(line)
        if (event !== undefined) tracker.add(event, traced => processes.of(traced))
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

/** The clock the trace is set to. */
function monotonicS(): number {
  return Number(process.hrtime.bigint()) / 1e9
}
