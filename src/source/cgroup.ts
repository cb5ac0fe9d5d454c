import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError, UsageError } from '../errors.ts'

/** Where cgroup2 is mounted: alone, or beside the old hierarchies. */
const ROOTS = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup']
/** Folders deeper than that are none of a container engine. */
const MAX_DEPTH = 8

/**
 * The id the kernel gives a cgroup2 folder, which is the inode number of the folder.
 *
 * @throws MachineError where the folder does not exist
 */
export function cgroupId(path: string): string {
  const folder = [path, ...ROOTS.map(root => join(root, path))].find(isFolder)
  if (folder === undefined) throw new MachineError('E_NO_TARGET', `there is no cgroup folder ${path}`)
  return statSync(folder, { bigint: true }).ino.toString()
}

/** The cgroup2 folder of a container, by the beginning of its id. */
export function containerCgroup(id: string): string {
  if (!/^[0-9a-f]{6,64}$/.test(id)) {
    throw new UsageError(`--container ${id} is no container id`, { hint: 'give at least 6 hexadecimal digits of it' })
  }
  const root = ROOTS.find(isFolder)
  const found = root === undefined ? [] : foldersOf(root, id, 0)
  if (found.length === 1) return cgroupId(found[0]!)
  throw new MachineError(
    'E_NO_TARGET',
    found.length === 0 ? `no cgroup belongs to a container ${id}` : `${found.length} containers begin with ${id}`,
  )
}

function foldersOf(folder: string, id: string, depth: number): string[] {
  if (depth > MAX_DEPTH) return []
  const found: string[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const path = join(folder, entry.name)
    // docker-ID.scope, cri-containerd-ID.scope, /docker/ID, /kubepods/…/ID
    if (/(^|-)([0-9a-f]{64})(\.scope)?$/.exec(entry.name)?.[2]?.startsWith(id)) found.push(path)
    else found.push(...foldersOf(path, id, depth + 1))
  }
  return found
}

function isFolder(path: string): boolean {
  return path.startsWith('/') && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
