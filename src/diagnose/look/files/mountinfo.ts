export interface Mount {
  /** Unique on the machine. */
  id: number
  /** The mount that it is mounted on; of the root one that is not there. */
  parent: number
  /** `8:1`. */
  device: string
  path: string
  type: string
  writable: boolean
  /** Absolute folders that an overlay is made of. */
  layers?: readonly string[] | undefined
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
      const [id, parent, device, , path, options] = left.split(' ')
      const [type = '', , superOptions = ''] = right.split(' ')
      if (device === undefined || path === undefined || type === '') return []
      const writable = /^rw(,|$)/.test(options ?? '') && /^rw(,|$)/.test(superOptions)
      const mount = { id: Number(id), parent: Number(parent), device, path: unescape(path), type, writable }
      return [type === 'overlay' ? { ...mount, layers: layersOf(superOptions) } : mount]
    })
}

const unescape = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** `lowerdir=l/A:/srv/b,upperdir=/srv/up,workdir=/srv/work`; a folder that is not absolute lies beside the others. */
function layersOf(options: string): string[] {
  return [...options.matchAll(/(?:lowerdir\+?|upperdir|datadir\+?)=([^,]*)/g)]
    .flatMap(([, folders]) => folders!.split(/(?<!\\):+/))
    .filter(folder => folder.startsWith('/'))
    .map(unescape)
}

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

/** What stands for parts of the kernel, and the filesystems of archives: no way to the others leads elsewhere. */
const OF_KERNEL = new Set(['proc', 'sysfs', 'devtmpfs', 'rootfs', 'ramfs', 'squashfs', 'erofs', 'iso9660', 'cgroup'])

export const isLocal = ({ type }: Mount): boolean => LOCAL.has(type)
export const isRemote = ({ type }: Mount): boolean =>
  /^(nfs|cifs|smb|fuse|9p|ceph|gfs|ocfs|glusterfs|lustre|beegfs|gpfs|afs|virtiofs|autofs)/.test(type)

/** Mounts of one mount namespace. */
export interface MountView {
  readonly mounts: readonly Mount[]
  /** What a mount holds answers at once, once it is at hand. */
  holds(mount: Mount): boolean
  /** So does the way to it. */
  reaches(mount: Mount): boolean
  /** So do a path and what stands there. */
  reachesPath(path: string): boolean
}

/** Overlays on overlays; more are not believed. */
const MOST_LAYERS = 8

/**
 * Which mounts answer at once. `ownRoot` is the device that this program was started from: it answers, whatever it is.
 * `layers` sees the folders that overlays are made of, which are those of who mounted them.
 */
export function mountView(
  mounts: readonly Mount[],
  { ownRoot, layers }: { ownRoot?: string | undefined; layers?: MountView | undefined } = {},
): MountView {
  const byId = new Map(mounts.map(mount => [mount.id, mount]))
  let depth = 0
  const holds = (mount: Mount): boolean => {
    if (mount.path === '/' && mount.device === ownRoot) return true
    if (mount.layers === undefined || mount.layers.length === 0) return isLocal(mount)
    if (depth >= MOST_LAYERS) return false
    depth += 1
    try {
      return mount.layers.every(folder => (layers ?? view).reachesPath(folder))
    } finally {
      depth -= 1
    }
  }
  const reaches = (mount: Mount): boolean => {
    const seen = new Set<Mount>()
    for (let at: Mount | undefined = mount; at !== undefined && !seen.has(at); at = byId.get(at.parent)) {
      seen.add(at)
      if (!holds(at) && (at === mount || !OF_KERNEL.has(at.type.replace(/\d$/, '')))) return false
    }
    return true
  }
  const view: MountView = {
    mounts,
    holds,
    reaches,
    reachesPath(path) {
      let nearest: Mount | undefined
      // Of several at one place the last covers the others.
      for (const mount of mounts)
        if (isBelow(path, mount.path) && mount.path.length >= (nearest?.path.length ?? 0)) nearest = mount
      return nearest !== undefined && reaches(nearest)
    },
  }
  return view
}

const isBelow = (path: string, folder: string) => folder === '/' || path === folder || path.startsWith(`${folder}/`)
