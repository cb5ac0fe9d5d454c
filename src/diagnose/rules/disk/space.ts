import { formatBytes } from '../../../terminal/units.ts'
import { SYSCALL_EXITS, accuse, over } from '../../accuse.ts'
import type { Finding, Named } from '../../model.ts'
import type { ObservedMount } from '../../observed/storage.ts'
import type { FailedGroup, Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'

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
      : [
          {
            what: `${group.calls.join(', ')} failed with ENOSPC`,
            value: group.count,
            unit: 'times',
            source: SYSCALL_EXITS,
          },
        ]),
    over('spaceShare', 'free', mount.freeBytes / mount.bytes, `statfs of ${mount.path}`),
    { what: 'free', value: `${formatBytes(mount.freeBytes)} of ${formatBytes(mount.bytes)}`, source: 'statfs' },
  ]
}

export function full(scene: Scene): Finding[] {
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
                    source: SYSCALL_EXITS,
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

export function noInodes(scene: Scene): Finding[] {
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
      measures: [
        { what: 'failed with ENOSPC', value: groups[0]!.count, unit: 'times', source: SYSCALL_EXITS },
        ...measures,
      ],
      do: [`look for folders with very many small files below ${mount.path}`],
      not: ['df -h, which shows free space; df -i shows it'],
      reach: groups[0]!.count,
    })
  })
}

export function deletedFiles(scene: Scene): Finding[] {
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
