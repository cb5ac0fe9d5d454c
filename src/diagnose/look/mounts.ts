import { statfsSync } from 'node:fs'
import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { ObservedMount } from '../observed/storage.ts'

/** Filesystems that answer from this machine alone. Asking another one may hang for ever. */
const LOCAL = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'tmpfs',
  'overlay',
  'vfat',
  'jfs',
  'zfs',
  'bcachefs',
  'reiserfs',
  'exfat',
  'ntfs3',
])

export interface Mount {
  /** Unique on the machine. */
  id: number
  /** `8:1`. */
  device: string
  path: string
  type: string
  writable: boolean
}

/**
 * /proc/PID/mountinfo. Source: proc_pid_mountinfo(5). `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root
 * rw,errors=continue`; blanks in a path as `\040`.
 */
export function parseMountinfo(bytes: Buffer): Mount[] {
  return bytes
    .toString('latin1')
    .split('\n')
    .flatMap(line => {
      const [left = '', right = ''] = line.split(' - ')
      const [id, , device, , path, options] = left.split(' ')
      const [type = '', , superOptions = ''] = right.split(' ')
      if (device === undefined || path === undefined || type === '') return []
      const writable = /^rw(,|$)/.test(options ?? '') && /^rw(,|$)/.test(superOptions)
      return [{ id: Number(id), device, path: unescape(path), type, writable }]
    })
}

const unescape = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

export interface MountLook {
  mounts: ObservedMount[]
  /** Mounts of filesystems that answer at once, by their id: the device. */
  local: Map<number, string>
  /** Types of the others, which were not asked. */
  skipped: Set<string>
}

/** The writable local filesystems that the processes of `pids` (one of each mount namespace) see, each device once. */
export function lookAtMounts(source: ProcSource, pids: readonly number[]): MountLook {
  const look: MountLook = { mounts: [], local: new Map(), skipped: new Set() }
  const seen = new Set<string>()
  for (const pid of pids) {
    for (const mount of optional(() => parseMountinfo(source.readFile(`${pid}/mountinfo`))) ?? []) {
      if (!LOCAL.has(mount.type)) {
        if (isRemote(mount.type)) look.skipped.add(mount.type)
        continue
      }
      look.local.set(mount.id, mount.device)
      if (!mount.writable || seen.has(mount.device)) continue
      seen.add(mount.device)
      const space = optional(() => statfsSync(Buffer.from(`/proc/${pid}/root${mount.path}`, 'latin1')))
      if (space === undefined || space.blocks === 0) continue
      look.mounts.push({
        path: mount.path,
        device: mount.device,
        type: mount.type,
        pid,
        bytes: space.blocks * space.bsize,
        freeBytes: space.bavail * space.bsize,
        inodes: space.files,
        freeInodes: space.ffree,
      })
    }
  }
  return look
}

const isRemote = (type: string) => /^(nfs|cifs|smb|fuse|9p|ceph|gfs|glusterfs|afs|virtiofs)/.test(type)
