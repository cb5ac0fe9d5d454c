import { formatBytes } from '../../terminal/units.ts'
import type { Finding, Rule } from '../model.ts'
import { accuse, over } from '../accuse.ts'
import type { Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'

function atLimit(scene: Scene): Finding[] {
  if (scene.seconds === 0) return []
  return scene.seen.cgroups.flatMap(({ path, pids, a, b }) => {
    const rate = ((b?.memoryFailures ?? 0) - (a.memoryFailures ?? 0)) / scene.seconds
    if (rate < THRESHOLDS.memoryFailures.value) return []
    // What is read or written once passes through memory up to its limit, and nobody misses it.
    const missed = b?.refaults === undefined || a.refaults === undefined ? undefined : b.refaults - a.refaults
    if (missed !== undefined && missed / scene.seconds < THRESHOLDS.refaults.value) return []
    const members = pids.flatMap(pid => scene.process(pid) ?? [])
    const [most] = members.toSorted((x, y) => pressureOf(y) - pressureOf(x))
    if (most === undefined || scene.isObserver(most.pid)) return []
    return [
      accuse(
        'memory-limit-pressure',
        'warning',
        `works at the memory limit of its control group${b?.memoryLimit === undefined ? '' : `, ${formatBytes(b.memoryLimit)}`}`,
        {
          culprits: [scene.named(most.pid)],
          measures: [
            over('memoryFailures', 'times a second at the limit', rate, `memory counters of ${path}`),
            ...(missed === undefined
              ? []
              : [over('refaults', 'pages read again a second', missed / scene.seconds, `memory.stat of ${path}`)]),
          ],
          do: ['raise the limit, or let it keep less: its pages are taken away while it needs them'],
          more: 'linsight bpf run biolatency',
          reach: Math.round(rate),
        },
      ),
    ]
  })
}

const pressureOf = ({
  a,
  b,
}: {
  a?: { readBytes?: number; majorFaults: number } | undefined
  b?: { readBytes?: number; majorFaults: number } | undefined
}) => (b?.readBytes ?? 0) - (a?.readBytes ?? 0) + 4096 * ((b?.majorFaults ?? 0) - (a?.majorFaults ?? 0))

function majorFaults(scene: Scene): Finding[] {
  if (scene.seconds === 0) return []
  return scene.processes.flatMap(({ pid, a, b, glanceMajorFaults }) => {
    if (a === undefined || b === undefined) return []
    const rate = (b.majorFaults - a.majorFaults) / scene.seconds
    const early = (glanceMajorFaults ?? a.majorFaults) - a.majorFaults
    const late = b.majorFaults - (glanceMajorFaults ?? a.majorFaults)
    // A burst at the start is over at the second glance, or begins after it.
    const isSteady = scene.seconds < 2 || (early > 0 && late / (scene.seconds - 1) >= THRESHOLDS.majorFaults.value)
    if (rate < THRESHOLDS.majorFaults.value || !isSteady) return []
    return [
      accuse('major-faults', 'warning', 'reads its own memory back from disk', {
        culprits: [scene.named(pid)],
        measures: [over('majorFaults', 'pages a second from disk', rate, 'majflt of PID/stat')],
        doing: scene.doing(pid),
        do: [
          'give it more memory (limit of its control group, or of the machine): its pages are taken away while it needs them',
        ],
        not: ['vm.swappiness: pages of files are read back as well'],
        more: 'linsight bpf run biolatency',
        reach: Math.round(rate),
      }),
    ]
  })
}

/** Growth that ends in less than this is worth a warning. */
const SOON_SECONDS = 3600
const LEAST_SAMPLES = 4

function growth(scene: Scene): Finding[] {
  if (scene.seconds === 0) return []
  const [, machine] = scene.seen.machine
  return scene.processes.flatMap(({ pid, a, b, residentPages = [], threadRuns = [] }) => {
    if (a === undefined || b === undefined || residentPages.length < LEAST_SAMPLES) return []
    const pages = residentPages
    const isSteady = growsSteadily(pages)
    const rate = ((b.rssPages - a.rssPages) * PAGE_BYTES) / scene.seconds
    // What is mapped from files counts as resident, and can be dropped: it is not in the samples.
    const own = ((pages.at(-1)! - pages[0]!) * PAGE_BYTES) / (((pages.length - 1) * SAMPLE_MS) / 1000)
    if (!isSteady || rate < THRESHOLDS.growth.value || own < rate / 2) return []
    const group = scene.seen.cgroups.find(({ pids, b: now }) => pids.includes(pid) && now?.memoryLimit !== undefined)
    const room = group?.b?.memoryLimit ?? (machine.memoryAvailableKb ?? Infinity) * 1024 + b.rssPages * PAGE_BYTES
    const seconds = (room - b.rssPages * PAGE_BYTES) / rate
    if (seconds > SOON_SECONDS) return []
    // Of the time in which it did not wait for a processor.
    const isBusy = threadRuns.some(
      ({ runNs, waitNs, durationMs }) => runNs / Math.max(1, durationMs * 1e6 - waitNs) > BUSY,
    )
    const isWork = isBusy || !isEven(pages)
    return [
      // What computes all the time or grows in leaps is mostly at work, and ends.
      accuse('memory-growth', isWork ? 'info' : 'warning', `grows by ${formatBytes(rate)} a second without a pause`, {
        culprits: [scene.named(pid)],
        measures: [
          over('growth', 'bytes a second more', rate, 'rss of PID/stat'),
          { what: 'resident', value: formatBytes(b.rssPages * PAGE_BYTES), source: 'PID/stat' },
          {
            what: 'if it goes on memory is full in',
            value: `${Math.round(seconds)} s`,
            source: group === undefined ? 'MemAvailable' : group.path,
          },
        ],
        do: ['a heap profile of the program; a memory limit keeps it from taking all'],
        reach: Math.round(rate / 1e6),
      }),
    ]
  })
}

const PAGE_BYTES = 4096
/** Time between two samples. */
const SAMPLE_MS = 400
/** Share of a processor from which on a process is at work. */
const BUSY = 0.5

/** Share of the steps that may differ: a process that gets no processor for a while stands still, and catches up. */
const MAY_DIFFER = 0.25

const stepsOf = (pages: readonly number[]) => pages.slice(1).map((value, at) => value - pages[at]!)

/** Nothing is given back, and hardly ever does it stand still. */
function growsSteadily(pages: readonly number[]): boolean {
  const steps = stepsOf(pages)
  return steps.every(step => step >= 0) && steps.filter(step => step === 0).length <= steps.length * MAY_DIFFER
}

/** Whether the steps are alike: a leak adds the same again and again. */
function isEven(pages: readonly number[]): boolean {
  const steps = stepsOf(pages)
  const middle = steps.toSorted((x, y) => x - y)[steps.length >> 1]!
  const others = steps.filter(step => step <= middle / 4 || step >= middle * 4)
  return others.length <= steps.length * MAY_DIFFER
}

export const MEMORY_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'memory-limit-pressure',
    family: 'memory',
    looks: 2,
    needs: [],
    thresholds: ['memoryFailures', 'refaults'],
    why: 'How often a control group hits its memory limit (memory.events max and high, memory.failcnt), where pages that were taken away are read again. The culprit is who reads most in it.',
    find: atLimit,
  },
  {
    cause: 'major-faults',
    family: 'memory',
    looks: 2,
    needs: [],
    thresholds: ['majorFaults'],
    why: 'Pages that a process has to have read from disk, in both parts of the look: a start makes a burst, not a rate.',
    find: majorFaults,
  },
  {
    cause: 'memory-growth',
    family: 'memory',
    looks: 2,
    needs: [],
    thresholds: ['growth'],
    why: 'The resident memory without that of files never falls and is larger at nearly every sample, and would fill what there is within an hour.',
    find: growth,
  },
]
