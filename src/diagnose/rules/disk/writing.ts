import { callAdvice } from '../call-advice.ts'
import { formatBytes } from '../../../terminal/units.ts'
import { SYSCALL_EXITS, accuse, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** Bytes that reach the disk for each write that waits for it: a page at least. */
const PAGE_BYTES = 4096

/** Files that are open so that each write waits for the disk need no fsync. */
export function writesAtOnce(scene: Scene): Finding[] {
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

export function syncs(scene: Scene): Finding[] {
  return scene.steadyRates(scene.seen.trace?.syncCalls).flatMap(({ process, rate }) => {
    if (rate < THRESHOLDS.syncs.value) return []
    const { pid } = process
    return [
      accuse('fsync-storm', 'warning', 'makes the disk write after every small change', {
        culprits: [scene.named(pid)],
        measures: [over('syncs', 'fsync, fdatasync, msync a second', rate, SYSCALL_EXITS)],
        do: callAdvice(scene, process, 'sync-storm'),
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

export function diskHog(scene: Scene): Finding[] {
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

/** Called a log, or what a redirection is called; where a file only happens to be written at its end. */
const LOG_NAME = /(^|[/._-])(logs?|journal|stdout|stderr)([/._-]|\d|$)|[/._-](trace|out|err)(\.?\d*)$/i
/** Archives, images, dumps: a copy or a backup of logs is none. */
const DATA_NAME =
  /\.(gz|tgz|bz2|xz|zst|lz4|zip|7z|tar|iso|img|qcow2|sql|dump|bak|db|sqlite|bin|o|part|tmp|csv|parquet|aof|wal|rdb|sst)$|(^|\/)\d+\.log$/i

export function runawayLogs(scene: Scene): Finding[] {
  return scene.seen.growingFiles.flatMap(file => {
    const { pid, path, bytesPerSecond, appended, appendOnly } = file
    if (bytesPerSecond < THRESHOLDS.log.value || scene.isObserver(pid)) return []
    // Databases write what they have changed at the end of a file as well.
    if (!appended || DATA_NAME.test(path) || !(appendOnly || LOG_NAME.test(path))) return []
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
