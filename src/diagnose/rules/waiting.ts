import { quoted } from '../../terminal/escape.ts'
import { groupBy } from '../../group-by.ts'
import type { Finding, Rule } from '../model.ts'
import type { FileLock } from '../observation.ts'
import type { ObservedProcess } from '../observed/task.ts'
import { accuse, unique } from '../accuse.ts'
import type { Scene } from '../scene.ts'
import { WAITS } from '../wait-channels.ts'

/** Whether every sample found the process waiting so, without having run in between. */
function waitsAlways(process: ObservedProcess, pattern: RegExp): boolean {
  const { samples = [] } = process
  return samples.length > 0 && !hasRun(process) && samples.every(([, channel]) => pattern.test(channel))
}

/** Who gave the processor up again did not only wait; a signal wakes a task that goes on waiting. */
const hasRun = ({ hangingSwitches: [first, last] = [0, 0] }: ObservedProcess) => last - first > SPURIOUS
const SPURIOUS = 1

function fileLocks(scene: Scene): Finding[] {
  const [before, now] = scene.seen.locks
  const looks = [before, ...(scene.seen.lockSamples ?? [])]
  const always = (lock: FileLock) =>
    looks.every(look =>
      look.some(({ waiting, pid, file }) => waiting === lock.waiting && pid === lock.pid && file === lock.file),
    )
  const waiting = now.filter(lock => lock.waiting && always(lock))
  return [...groupBy(waiting, ({ file }) => file)].flatMap(([file, waiters]) => {
    // A lock that goes from hand to hand is in use.
    const held = now.filter(lock => !lock.waiting && waiters.some(({ id }) => id === lock.id) && always(lock))
    if (held.length === 0) return []
    const named = held.flatMap(({ pid }) => scene.process(pid)?.pid ?? [])
    const real = named.length > 0 ? named : (scene.seen.lockHolders[file] ?? []).map(({ pid }) => pid)
    const waits = new Set(waiters.map(({ pid }) => pid))
    // A descriptor that children inherited holds the lock as well; who waits for it does not.
    const holders = [...new Set(real)].filter(pid => !waits.has(pid))
    if (holders.some(pid => scene.isObserver(pid)) || holders.length === 0) return []
    const kind = held[0]?.kind ?? ''
    return [
      accuse(
        'file-lock-wait',
        'critical',
        `keeps a file lock that ${waits.size === 1 ? 'another process waits' : `${waits.size} others wait`} for`,
        {
          culprits: holders.map(pid => scene.named(pid)),
          victims: [...waits].map(pid => scene.named(pid)),
          suffering: 'they stand still until it lets go',
          measures: [
            { what: 'waited in both looks', value: waits.size, unit: 'processes', source: 'locks' },
            {
              what: 'lock',
              value: `${kind} of inode ${file.split(':').at(-1)} on device ${file.split(':').slice(0, 2).join(':')}`,
              source: 'locks',
            },
          ],
          doing: scene.doing(holders[0]!),
          do: ['look what the holder does while it holds the lock'],
          not: ['deleting the lock file: those who wait hold the old one open'],
          reach: waits.size,
        },
      ),
    ]
  })
}

function pipes(scene: Scene): Finding[] {
  return scene.processes.flatMap(writer => {
    if (writer.waitsFor?.kind !== 'pipe' || !waitsAlways(writer, WAITS.pipe)) return []
    const written = (writer.b?.writtenChars ?? 0) - (writer.a?.writtenChars ?? 0)
    // Other threads of it may write elsewhere.
    if (written > 0 && writer.hangingThread === undefined) return []
    const readers = (scene.seen.pipeReaders[writer.waitsFor.inode] ?? [])
      .flatMap(({ pid }) => scene.process(pid) ?? [])
      .filter(({ pid, a, b }) => pid !== writer.pid && (b?.readChars ?? 0) === (a?.readChars ?? 0))
    if (readers.length === 0 || readers.some(({ pid }) => scene.isObserver(pid))) return []
    return [
      accuse('pipe-full', 'critical', `does not read its pipe, and ${quoted(writer.comm)} waits`, {
        culprits: readers.map(({ pid }) => scene.named(pid)),
        victims: [scene.named(writer.pid)],
        suffering: 'it stands still in write()',
        measures: [
          { what: 'bytes the writer got rid of', value: 0, source: 'PID/io' },
          { what: 'the writer sleeps in', value: writer.samples?.at(-1)?.[1] ?? '', source: 'PID/wchan' },
        ],
        doing: scene.doing(readers[0]!.pid),
        do: ['look what the reader does instead of reading'],
        not: ['a larger pipe: it fills as well'],
      }),
    ]
  })
}

function unixQueues(scene: Scene): Finding[] {
  return scene.processes.flatMap(writer => {
    if (writer.waitsFor?.kind !== 'unix' || !waitsAlways(writer, WAITS.unixPeer)) return []
    const readers = (scene.seen.unixPeers[writer.waitsFor.inode] ?? [])
      .flatMap(({ pid }) => scene.process(pid) ?? [])
      .filter(({ pid }) => pid !== writer.pid)
    const waits = [{ what: 'the writer sleeps in', value: writer.samples?.at(-1)?.[1] ?? '', source: 'PID/wchan' }]
    if (readers.length === 0)
      return [
        accuse('unix-queue-full', 'critical', 'waits for the reader of a unix socket, which does not read', {
          culprits: [scene.named(writer.pid)],
          measures: waits,
          more: 'mynetstat -xp',
        }),
      ]
    return [
      accuse('unix-queue-full', 'critical', `does not read its unix socket, and ${quoted(writer.comm)} waits`, {
        culprits: readers.map(({ pid }) => scene.named(pid)),
        victims: [scene.named(writer.pid)],
        suffering: 'it stands still in send()',
        measures: waits,
        doing: scene.doing(readers[0]!.pid),
        do: ['look what the reader does instead of reading; it is mostly a log daemon'],
        more: 'mynetstat -xp',
      }),
    ]
  })
}

function fuse(scene: Scene): Finding[] {
  const waiting = scene.processes.filter(process => waitsAlways(process, WAITS.fuse))
  if (waiting.length === 0) return []
  const more = scene.processes.filter(process => waitsAlways(process, WAITS.lookup))
  const daemons = unique([...new Set(scene.seen.fuseDaemons.map(({ pid }) => pid))].map(pid => scene.named(pid)))
  // With several daemons it is the one that stands still.
  const still = daemons.filter(({ pid }) => {
    const process = pid === undefined ? undefined : scene.process(pid)
    return process?.b?.cpuTicks === process?.a?.cpuTicks
  })
  const culprits = daemons.length === 1 ? daemons : still
  return [
    accuse(
      'fuse-not-answering',
      'critical',
      culprits.length > 0
        ? 'serves a filesystem and does not answer'
        : 'wait for a filesystem in user space that does not answer',
      {
        culprits: culprits.length > 0 ? culprits : waiting.map(({ pid }) => scene.named(pid)),
        victims: [...waiting, ...more].map(({ pid }) => scene.named(pid)),
        suffering: 'they cannot even be killed',
        measures: [
          { what: 'processes that waited for its answer in every look', value: waiting.length, source: 'PID/wchan' },
        ],
        doing: culprits[0]?.pid === undefined ? undefined : scene.doing(culprits[0].pid),
        do: ['abort the connection: 1 into /sys/fs/fuse/connections/N/abort frees those who wait'],
        not: ['kill -9 of those who wait'],
        reach: waiting.length + more.length,
      },
    ),
  ]
}

/** Names of wait channels that say why. */
const BLOCKED_BY: readonly [pattern: RegExp, what: string, remedy: string][] = [
  [WAITS.frozenFilesystem, 'its filesystem is frozen', 'thaw it: fsfreeze -u MOUNTPOINT'],
  [/nfs|rpc_wait/, 'a network filesystem does not answer', 'look at the server of the mount'],
  [
    /io_schedule|folio_wait|wait_on_page|blk_mq|submit_bio_wait/,
    'the disk does not answer',
    'look at dmesg for errors of the disk',
  ],
]

function blocked(scene: Scene): Finding[] {
  const hung = scene.processes.filter(process => {
    const { samples = [], a, b, hangingThread } = process
    const own = hangingThread === undefined ? [a?.state, b?.state] : []
    const states = [...own, ...samples.map(([state]) => state)]
    if (a === undefined || b === undefined || samples.length < 2 || !states.every(state => state === 'D')) return false
    const channels = new Set(samples.map(([, channel]) => channel))
    const [channel = ''] = channels
    if (WAITS.fuse.test(channel) || WAITS.frozen.test(channel) || WAITS.lookup.test(channel)) return false
    if (hasRun(process)) return false
    return channels.size === 1 && (hangingThread !== undefined || b.cpuTicks - a.cpuTicks <= 1)
  })
  return [...groupBy(hung, ({ samples }) => samples![0]![1])].map(([channel, processes]) => {
    const [, why, remedy] = BLOCKED_BY.find(([pattern]) => pattern.test(channel)) ?? []
    const stack = processes[0]!.described?.stack
    return accuse('blocked-in-kernel', 'critical', `hangs in the kernel${why === undefined ? '' : `: ${why}`}`, {
      culprits: processes.map(({ pid }) => scene.named(pid)),
      measures: [
        { what: 'state in every look', value: 'D', source: 'PID/stat' },
        { what: 'it sleeps in', value: channel, source: 'PID/wchan' },
        ...(stack === undefined ? [] : [{ what: 'stack', value: stack.join(' < '), source: 'PID/stack' }]),
      ],
      doing: scene.doing(processes[0]!.pid),
      do: [remedy ?? 'look at its kernel stack and at dmesg'],
      not: ['kill -9: it acts when the call returns'],
      reach: processes.length,
    })
  })
}

export const WAITING_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'file-lock-wait',
    family: 'waiting',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'The same process waits for the same lock, which the same one keeps, in both looks and every sample between. The culprit is who holds it, not who waits; where the process that took it is gone, who has inherited it.',
    find: fileLocks,
  },
  {
    cause: 'pipe-full',
    family: 'waiting',
    looks: 2,
    needs: ['root'],
    thresholds: [],
    why: 'Every sample finds the writer waiting for room in its pipe, and it got rid of no byte: a pipe that is only full is normal. The culprit is the reader, which read none.',
    find: pipes,
  },
  {
    cause: 'unix-queue-full',
    family: 'waiting',
    looks: 2,
    needs: ['root'],
    thresholds: [],
    why: 'Every sample finds the writer waiting for the reader of its unix socket.',
    find: unixQueues,
  },
  {
    cause: 'fuse-not-answering',
    family: 'waiting',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'Every sample finds a process waiting for the answer of a filesystem in user space. The culprit is the process that has /dev/fuse open.',
    find: fuse,
  },
  {
    cause: 'blocked-in-kernel',
    family: 'waiting',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'State D at the same place in every sample, without any processor time: a busy disk shows D in single samples only.',
    find: blocked,
  },
]
