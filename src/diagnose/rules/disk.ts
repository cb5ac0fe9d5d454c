import type { Finding, Named, Rule } from '../model.ts'
import type { ObservedMount, ObservedProcess } from '../observation.ts'
import { accuse, over, type FailedGroup, type Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'
import { formatBytes } from '../../terminal/units.ts'

const TRACED = 'tracepoint raw_syscalls:sys_exit'
const NOT_SPACE: ReadonlySet<string> = new Set(['inotify_add_watch', 'bpf', 'perf_event_open'])

const isFull = ({ freeBytes, bytes }: ObservedMount) =>
  freeBytes < bytes * THRESHOLDS.spaceShare.value && freeBytes < THRESHOLDS.spaceBytes.value
const lacksInodes = ({ inodes, freeInodes }: ObservedMount) =>
  inodes > 0 && freeInodes < inodes * THRESHOLDS.inodeShare.value

/** Who fails for lack of space, with the filesystem that is the fullest of those that lack some. */
function failing(scene: Scene, lacks: (mount: ObservedMount) => boolean) {
  const groups = scene.failed(undefined, ['ENOSPC', 'EDQUOT'], ({ call }) => !NOT_SPACE.has(call))
  const mounts = scene.seen.mounts.filter(lacks).toSorted((a, b) => a.freeBytes - b.freeBytes)
  return { groups, mounts }
}

function spaceMeasures(mount: ObservedMount, group?: FailedGroup) {
  return [
    ...(group === undefined
      ? []
      : [{ what: `${group.calls.join(', ')} failed with ENOSPC`, value: group.count, unit: 'times', source: TRACED }]),
    over('spaceShare', 'free', mount.freeBytes / mount.bytes, `statfs of ${mount.path}`),
    { what: 'free', value: `${formatBytes(mount.freeBytes)} of ${formatBytes(mount.bytes)}`, source: 'statfs' },
  ]
}

function full(scene: Scene): Finding[] {
  const { groups, mounts } = failing(scene, isFull)
  const [mount] = mounts
  if (groups.length > 0 && (mount !== undefined || !scene.seen.mounts.some(lacksInodes)))
    return groups.map(group =>
      accuse(
        'disk-full',
        'critical',
        `cannot write: ${mount === undefined ? 'no space is left for it' : `${mount.path} is full`}`,
        {
          culprits: scene.failing(group),
          measures:
            mount === undefined
              ? [
                  {
                    what: `${group.calls.join(', ')} failed with ENOSPC`,
                    value: group.count,
                    unit: 'times',
                    source: TRACED,
                  },
                ]
              : spaceMeasures(mount, group),
          do: [
            `look for the largest files${mount === undefined ? '' : ` below ${mount.path}: du -xh ${mount.path} | sort -h`}`,
          ],
          more: 'linsight diagnose --all',
          reach: group.count,
        },
      ),
    )
  return mounts.map(one =>
    accuse('disk-full', 'warning', `${one.path} is nearly full`, {
      culprits: writersTo(scene, one),
      measures: spaceMeasures(one),
      do: [`look for the largest files: du -xh ${one.path} | sort -h`],
      place: one.path,
    }),
  )
}

/** Who makes files grow below a place. */
const writersTo = (scene: Scene, { path }: ObservedMount): Named[] =>
  scene.seen.growingFiles
    .filter(file => path !== '/' && file.path.startsWith(`${path}/`))
    .map(({ pid }) => scene.named(pid))

function noInodes(scene: Scene): Finding[] {
  const { groups, mounts } = failing(scene, lacksInodes)
  return mounts.map(mount => {
    const measures = [
      over('inodeShare', 'inodes free', mount.freeInodes / mount.inodes, `statfs of ${mount.path}`),
      { what: 'inodes', value: `${mount.inodes - mount.freeInodes} of ${mount.inodes} used`, source: 'statfs' },
    ]
    if (groups.length === 0)
      return accuse('inodes-exhausted', 'warning', `${mount.path} can hold no more files`, { culprits: [], measures })
    return accuse('inodes-exhausted', 'critical', `can create no file: ${mount.path} has no inode left, though space`, {
      culprits: groups.flatMap(group => scene.failing(group)),
      measures: [{ what: 'failed with ENOSPC', value: groups[0]!.count, unit: 'times', source: TRACED }, ...measures],
      do: [`look for folders with very many small files below ${mount.path}`],
      not: ['df -h, which shows free space; df -i shows it'],
      reach: groups[0]!.count,
    })
  })
}

function deletedFiles(scene: Scene): Finding[] {
  return scene.seen.mounts.flatMap(mount => {
    const files = scene.seen.deletedFiles.filter(({ device, pid }) => device === mount.device && !scene.isObserver(pid))
    const byPid = new Map<number, number>()
    for (const { pid, bytes } of files) byPid.set(pid, (byPid.get(pid) ?? 0) + bytes)
    return [...byPid].flatMap(([pid, bytes]) => {
      if (bytes < mount.bytes * THRESHOLDS.deletedShare.value) return []
      const largest = files.filter(file => file.pid === pid).toSorted((a, b) => b.bytes - a.bytes)[0]!
      return [
        accuse(
          'deleted-file-space',
          'warning',
          `keeps ${formatBytes(bytes)} of ${mount.path} in files that are deleted`,
          {
            culprits: [scene.named(pid)],
            measures: [
              over('deletedShare', 'of the filesystem', bytes / mount.bytes, 'PID/fd'),
              {
                what: 'largest',
                value: `${largest.path}, descriptor ${largest.fd}, ${formatBytes(largest.bytes)}`,
                source: 'PID/fd',
              },
            ],
            do: [`restart it, or empty the file: : > /proc/${pid}/fd/${largest.fd}`],
            not: ['du, which does not see it; deleting more files'],
            place: mount.path,
            reach: Math.round((bytes / mount.bytes) * 100),
          },
        ),
      ]
    })
  })
}

/** Bytes that reach the disk for each write that waits for it: a page at least. */
const PAGE_BYTES = 4096

/** Files that are open so that each write waits for the disk need no fsync. */
function writesAtOnce(scene: Scene): Finding[] {
  if (scene.seconds === 0) return []
  return scene.processes.flatMap(process => {
    const { pid, syncFile, a, b } = process
    const writes = ((b?.writeCalls ?? 0) - (a?.writeCalls ?? 0)) / scene.seconds
    if (syncFile === undefined || writes < THRESHOLDS.syncs.value) return []
    // Other writes go into memory: fewer bytes reach the disk then, or many at a time.
    const written = (b?.writtenChars ?? 0) - (a?.writtenChars ?? 0)
    const onDisk = rise(process, 'writeBytes')
    if (onDisk < (writes * scene.seconds * PAGE_BYTES) / 2 || onDisk < written * 2) return []
    return [
      accuse('fsync-storm', 'warning', `makes the disk write after every small change of ${syncFile}`, {
        culprits: [scene.named(pid)],
        measures: [
          over('syncs', 'writes that wait for the disk a second', writes, 'PID/io, flags of PID/fdinfo'),
          { what: 'bytes on disk for each byte written', value: onDisk / Math.max(1, written), source: 'PID/io' },
        ],
        do: ['write several changes at a time (group commit); open without O_SYNC and call fdatasync where it matters'],
        more: 'linsight bpf run biolatency',
        reach: Math.round(writes),
      }),
    ]
  })
}

function syncs(scene: Scene): Finding[] {
  return scene.steadyRates(scene.seen.trace?.syncCalls).flatMap(({ process: { pid }, rate }) => {
    if (rate < THRESHOLDS.syncs.value) return []
    return [
      accuse('fsync-storm', 'warning', 'makes the disk write after every small change', {
        culprits: [scene.named(pid)],
        measures: [over('syncs', 'fsync, fdatasync, msync a second', rate, TRACED)],
        do: ['write several changes before each fsync (group commit)'],
        more: 'linsight bpf run biolatency',
        reach: Math.round(rate),
      }),
    ]
  })
}

const rise = (process: ObservedProcess, counter: 'readBytes' | 'writeBytes' | 'blockIoTicks') =>
  (process.b?.[counter] ?? 0) - (process.a?.[counter] ?? 0)

/** Average length of the queue, and share of the bytes of one process, from which on it is the one. */
const QUEUE = 1.5
const SHARE = 0.3

/** Who moves this many times less than another one suffers from it; two that copy share the disk. */
const FEWER = 5

/** Block I/O time is counted only where delay accounting is on; the states at the samples say it as well. */
function waitsForDisk(scene: Scene, process: ObservedProcess): boolean {
  const { diskStates = [] } = process
  const delayed = rise(process, 'blockIoTicks') / scene.seen.userHz
  return delayed > scene.seconds * 0.1 || diskStates.filter(state => state === 'D').length * 4 > diskStates.length
}

function diskHog(scene: Scene): Finding[] {
  const ms = scene.seen.durationMs
  if (ms === 0) return []
  const busy = scene.seen.disks.filter(
    ({ name, busyMs, queueMs }) =>
      !/^(loop|ram|zram)/.test(name) && busyMs / ms >= THRESHOLDS.diskBusy.value && queueMs / ms >= QUEUE,
  )
  const [disk] = busy.toSorted((a, b) => b.busyMs - a.busyMs)
  if (disk === undefined) return []
  const moved = scene.processes.map(process => ({
    process,
    bytes: rise(process, 'readBytes') + rise(process, 'writeBytes'),
  }))
  const total = moved.reduce((sum, { bytes }) => sum + bytes, 0)
  const [most] = moved.toSorted((a, b) => b.bytes - a.bytes)
  if (most === undefined || most.bytes < total * SHARE || total === 0) return []
  // Who is alone with a disk takes it from nobody.
  const victims = moved
    .filter(
      ({ process, bytes }) => process !== most.process && bytes * FEWER < most.bytes && waitsForDisk(scene, process),
    )
    .map(({ process }) => process)
  if (victims.length === 0) return []
  return [
    accuse('disk-hog', 'warning', `keeps the disk ${disk.name} busy`, {
      culprits: [scene.named(most.process.pid)],
      victims: victims.slice(0, 5).map(({ pid }) => scene.named(pid)),
      suffering: 'they wait for the disk',
      measures: [
        over('diskBusy', 'busy', disk.busyMs / ms, `diskstats of ${disk.name}`),
        { what: 'requests in its queue on average', value: disk.queueMs / ms, source: 'diskstats' },
        { what: 'its share of the bytes', value: most.bytes / total, source: 'PID/io' },
      ],
      do: ['ionice -c3, io.max of its control group'],
      more: 'linsight bpf run biolatency',
      reach: victims.length,
    }),
  ]
}

const LOG_NAME = /(^|[/._-])(log|logs|journal|trace|stdout|stderr|out|err)([/._-]|\d|$)/i

function runawayLogs(scene: Scene): Finding[] {
  return scene.seen.growingFiles.flatMap(file => {
    const { pid, path, bytesPerSecond, appended, appendOnly } = file
    if (bytesPerSecond < THRESHOLDS.log.value || scene.isObserver(pid)) return []
    if (!appended || !(appendOnly || LOG_NAME.test(path))) return []
    const mount = scene.seen.mounts
      .filter(({ path: at }) => path.startsWith(at === '/' ? '/' : `${at}/`))
      .toSorted((a, b) => b.path.length - a.path.length)[0]
    const hours = mount === undefined ? undefined : mount.freeBytes / bytesPerSecond / 3600
    return [
      accuse('runaway-log', 'warning', `writes ${formatBytes(bytesPerSecond)} a second into its log ${path}`, {
        culprits: [scene.named(pid)],
        measures: [
          over('log', 'bytes a second', bytesPerSecond, 'PID/fdinfo'),
          ...(hours === undefined
            ? []
            : [
                {
                  what: `${mount!.path} is full in`,
                  value: hours < 1 ? `${Math.round(hours * 60)} minutes` : `${Math.round(hours)} hours`,
                  source: 'statfs',
                },
              ]),
        ],
        do: ['look at the line that repeats; limit the rate of the log'],
        place: mount?.path,
        more: `trace-syscalls -p ${pid}`,
        reach: Math.round(bytesPerSecond / 1e6),
      }),
    ]
  })
}

export const DISK_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'disk-full',
    family: 'disk',
    looks: 1,
    needs: [],
    thresholds: ['spaceShare', 'spaceBytes'],
    why: 'A writable local filesystem has little space left, as a share and in bytes; with calls that failed with ENOSPC it is critical. Filesystems of every mount namespace count; those that may not answer are not asked.',
    find: full,
  },
  {
    cause: 'inodes-exhausted',
    family: 'disk',
    looks: 1,
    needs: [],
    thresholds: ['inodeShare'],
    why: 'As disk-full, of inodes.',
    find: noInodes,
  },
  {
    cause: 'deleted-file-space',
    family: 'disk',
    looks: 1,
    needs: ['root'],
    thresholds: ['deletedShare'],
    why: 'The blocks of deleted files that a process still holds, as a share of their filesystem.',
    find: deletedFiles,
  },
  {
    cause: 'fsync-storm',
    family: 'disk',
    looks: 2,
    needs: ['trace'],
    thresholds: ['syncs'],
    why: 'Calls of one process that wait for the disk to write; or small writes into a file that is open with O_SYNC or O_DSYNC, which reach the disk as whole pages.',
    find: scene => [...syncs(scene), ...writesAtOnce(scene)],
  },
  {
    cause: 'disk-hog',
    family: 'disk',
    looks: 2,
    needs: ['root'],
    thresholds: ['diskBusy'],
    why: 'A disk is busy with requests queueing, one process moves 30 % and more of the bytes, and others wait for the disk. A disk that is only busy is no finding.',
    find: diskHog,
  },
  {
    cause: 'runaway-log',
    family: 'disk',
    looks: 2,
    needs: ['root'],
    thresholds: ['log'],
    why: 'A file that is only appended to, and is opened so or called a log, grows fast. A copy or an archive is neither.',
    find: runawayLogs,
  },
]
