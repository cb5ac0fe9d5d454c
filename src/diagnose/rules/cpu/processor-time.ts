import { accuse, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { ObservedProcess, ThreadRun } from '../../observed/task.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { rise } from './rates.ts'

/** A task that computes changes its memory; one that runs in a circle does not. */
const FEW_FAULTS_A_SECOND = 20

const FEW_BYTES_A_SECOND = 4096

const LOW_PRIORITY = 10

/** Share of the time in which a thread runs or waits for a processor. */
export const shareOf = ({ runNs, waitNs, durationMs }: ThreadRun) => (runNs + waitNs) / 1e6 / durationMs

const bytesMoved = (process: ObservedProcess) =>
  (rise(process, 'readChars') ?? 0) + (rise(process, 'writtenChars') ?? 0)

/** Threads that always run, of a process that moves no data, touches no new memory and is not niced. */
export function circling(scene: Scene, process: ObservedProcess): ThreadRun[] {
  const { threadRuns = [], nice, a, b } = process
  const hot = threadRuns.filter(run => shareOf(run) >= THRESHOLDS.hog.value)
  if (hot.length === 0 || nice >= LOW_PRIORITY || a === undefined || b === undefined) return []
  const faults = b.minorFaults - a.minorFaults + (b.majorFaults - a.majorFaults)
  if (faults > FEW_FAULTS_A_SECOND * scene.seconds) return []
  return bytesMoved(process) > FEW_BYTES_A_SECOND * scene.seconds ? [] : hot
}

export function hogs(scene: Scene): Finding[] {
  return scene.processes.flatMap(process => {
    const hot = circling(scene, process)
    const [first] = hot
    const { b } = process
    if (first === undefined || b === undefined) return []
    const { runNs, durationMs } = first
    const share = shareOf(first)
    const bytes = bytesMoved(process)
    const which = b.threads > 1 ? `thread ${first.comm} (${first.tid}) of its ${b.threads}` : 'it'
    return [
      accuse('cpu-hog', 'warning', `uses a processor all the time and moves no data`, {
        culprits: [{ ...scene.named(process.pid), tid: first.tid }],
        measures: [
          over('hog', `${which} runs or waits for a processor`, share, 'PID/task/TID/schedstat'),
          { what: 'on a processor', value: runNs / 1e6 / durationMs, source: 'PID/task/TID/schedstat' },
          { what: 'bytes read and written a second', value: bytes / scene.seconds, source: 'PID/io' },
        ],
        doing:
          b.threads > 1
            ? `thread ${first.comm} (${first.tid}) running, ${b.threads - hot.length} others asleep`
            : 'running',
        do: ['see which function it is in; nice it where the work is meant'],
        more: `linsight bpf run profile --pid ${process.pid}`,
        reach: hot.length,
      }),
    ]
  })
}

export function throttled(scene: Scene): Finding[] {
  return scene.seen.cgroups.flatMap(({ path, pids, a, b }) => {
    const periods = (b?.periods ?? 0) - (a.periods ?? 0)
    const times = (b?.throttled ?? 0) - (a.throttled ?? 0)
    if (periods < 5 || times / periods < THRESHOLDS.throttled.value) return []
    const members = pids.flatMap(pid => scene.process(pid) ?? [])
    const [busiest] = members.toSorted((x, y) => (rise(y, 'cpuTicks') ?? 0) - (rise(x, 'cpuTicks') ?? 0))
    if (busiest === undefined || scene.isObserver(busiest.pid)) return []
    const quota = b?.quota
    return [
      accuse(
        'cpu-throttled',
        'warning',
        `may use ${quota === undefined ? 'less' : `${Math.round(quota * 100) / 100} of a`} processor${quota === undefined ? ' time than it needs' : ', and needs more'}`,
        {
          culprits: [scene.named(busiest.pid)],
          victims: members.slice(0, 5).map(({ pid }) => scene.named(pid)),
          measures: [
            over('throttled', 'throttled', times / periods, `cpu.stat of ${path}`),
            {
              what: 'stood still for',
              value: Math.round(((b?.throttledUs ?? 0) - (a.throttledUs ?? 0)) / 1000),
              unit: 'ms',
              source: 'cpu.stat',
            },
          ],
          do: [`raise the quota of ${path}, or let it use fewer threads`],
          not: ['nice, priorities: the quota holds whatever they are'],
          more: `linsight bpf run runqlat`,
          reach: times,
        },
      ),
    ]
  })
}
