import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError, UsageError } from '../errors.ts'

/** Where cgroup v2 is mounted, alone or beside v1. */
const MOUNTS = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']

export interface Cgroup {
  /** What BPF calls the id of a group: the inode of its folder. */
  id: number
  /** Processes in this very group, not in those below. */
  pids: number[]
}

/**
 * The cgroup v2 folder at `path` (absolute, or below the mount point) and every one below it.
 *
 * @throws MachineError `no-target`
 */
export function readCgroups(path: string): Cgroup[] {
  const folders = [cgroupFolder(path)]
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) folders.push(join(folder, entry.name))
  }
  return folders.map(folder => ({ id: statSync(folder).ino, pids: pidsOf(folder) }))
}

/** The id of one group, without those below it, in decimal: it may exceed 2^53. */
export function cgroupId(path: string): string {
  return statSync(cgroupFolder(path), { bigint: true }).ino.toString()
}

/** The id of the group of a container, by the beginning of the container's id. */
export function containerCgroup(id: string): string {
  if (!/^[0-9a-f]{6,64}$/.test(id)) {
    throw new UsageError(`--container ${id} is no container id`, { hint: 'give at least 6 hexadecimal digits of it' })
  }
  const mount = MOUNTS.find(isCgroup)
  const found = mount === undefined ? [] : containerFolders(mount, id, 0)
  if (found.length === 1) return cgroupId(found[0]!)
  throw new MachineError(
    'no-target',
    found.length === 0 ? `no cgroup belongs to a container ${id}` : `${found.length} containers begin with ${id}`,
  )
}

/** Folders deeper than that are none of a container engine. */
const MAX_DEPTH = 8

function containerFolders(folder: string, id: string, depth: number): string[] {
  if (depth > MAX_DEPTH) return []
  const found: string[] = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const path = join(folder, entry.name)
    // docker-ID.scope, cri-containerd-ID.scope, /docker/ID, /kubepods/…/ID
    if (/(^|-)([0-9a-f]{64})(\.scope)?$/.exec(entry.name)?.[2]?.startsWith(id)) found.push(path)
    else found.push(...containerFolders(path, id, depth + 1))
  }
  return found
}

/** Absolute, or below the mount point. */
function cgroupFolder(path: string): string {
  const folder = [path, ...MOUNTS.map(mount => join(mount, path))].find(isCgroup)
  if (folder !== undefined) return folder
  throw new MachineError('no-target', `${path} cannot be traced: no folder of a cgroup v2 tree has that path`, {
    hint: 'give a folder below /sys/fs/cgroup, such as the CGroup that systemctl status shows',
  })
}

function isCgroup(folder: string): boolean {
  return statSync(join(folder, 'cgroup.controllers'), { throwIfNoEntry: false }) !== undefined
}

/** A threaded group refuses to list processes. */
function pidsOf(folder: string): number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
