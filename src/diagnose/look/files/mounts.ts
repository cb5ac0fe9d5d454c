import { statfsSync } from 'node:fs'
import { optional } from '../../../errors.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import type { NotLooked } from '../../observation.ts'
import type { ObservedMount } from '../../observed/storage.ts'
import { isLocal, isRemote, mountView, parseMountinfo, type Mount, type MountView } from './mountinfo.ts'

export interface MountLook {
  /** Writable filesystems that can be asked for their space, each device once, with a process that sees it. */
  askable: { pid: number; mount: Mount }[]
  /** Mounts of filesystems that answer at once, by their id: the device. */
  local: Map<number, string>
  /** Types of the others, which were not asked. */
  skipped: Set<string>
  /** Local ones that were not asked either: what is in them, or the way to them, may not answer. */
  unreached: Set<string>
}

/** The mounts that a process sees; undefined where it is gone. */
export function mountsSeenBy(
  source: ProcSource,
  pid: number | 'self',
  { ownRoot = ownRootOf(source), layers }: { ownRoot?: string | undefined; layers?: MountView | undefined } = {},
): MountView | undefined {
  const mounts = optional(() => parseMountinfo(source.readFile(`${pid}/mountinfo`)))
  return mounts && mountView(mounts, { ownRoot, layers })
}

/** Device of the root that this program was started from. */
const ownRootOf = (source: ProcSource) =>
  optional(() => parseMountinfo(source.readFile('self/mountinfo')))?.find(({ path }) => path === '/')?.device

/** The filesystems that the processes of `pids` see, one process of each mount namespace. Nothing is asked yet. */
export function lookAtMounts(source: ProcSource, pids: readonly number[]): MountLook {
  const look: MountLook = { askable: [], local: new Map(), skipped: new Set(), unreached: new Set() }
  const ownRoot = ownRootOf(source)
  const seen = new Set<string>()
  // The eldest sees what the others are made of.
  const [eldest] = pids
  const layers = eldest === undefined ? undefined : mountsSeenBy(source, eldest, { ownRoot })
  for (const pid of pids) {
    const view = pid === eldest ? layers : mountsSeenBy(source, pid, { ownRoot, layers })
    for (const mount of view?.mounts ?? []) {
      if (!isLocal(mount)) {
        if (isRemote(mount)) look.skipped.add(mount.type)
        continue
      }
      if (view!.holds(mount)) look.local.set(mount.id, mount.device)
      if (!mount.writable || seen.has(mount.device)) continue
      if (!view!.reaches(mount)) {
        look.unreached.add(mount.path)
        continue
      }
      seen.add(mount.device)
      look.askable.push({ pid, mount })
    }
  }
  return look
}

/** The space of the filesystems that answer at once. */
export const spaceOf = ({ askable }: MountLook): ObservedMount[] =>
  askable.flatMap(({ pid, mount: { path, device, type } }) => {
    const space = optional(() => statfsSync(Buffer.from(`/proc/${pid}/root${path}`, 'latin1')))
    if (space === undefined || space.blocks === 0) return []
    return [
      {
        path,
        device,
        type,
        pid,
        bytes: space.blocks * space.bsize,
        freeBytes: space.bavail * space.bsize,
        inodes: space.files,
        freeInodes: space.ffree,
      },
    ]
  })

/** Places that are named. */
const MOST_NAMED = 4

/** What is to be said of filesystems that were not asked. */
export function unaskedMounts({ skipped, unreached }: MountLook): NotLooked[] {
  const causes = ['disk-full', 'inodes-exhausted']
  const places = [...unreached]
  const more = places.length - MOST_NAMED
  return [
    ...(skipped.size === 0
      ? []
      : [{ what: `filesystems of type ${[...skipped].join(', ')}`, why: 'they may not answer', causes }]),
    ...(places.length === 0
      ? []
      : [
          {
            what: `${places.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
            why: 'the way there leads through filesystems that may not answer',
            causes,
          },
        ]),
  ]
}
