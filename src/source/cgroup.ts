import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MachineError } from '../errors.ts'

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
 * @throws MachineError `E_NO_TARGET`
 */
export function readCgroups(path: string): Cgroup[] {
  const root = [path, ...MOUNTS.map(mount => join(mount, path))].find(isCgroup)
  if (root === undefined) {
    throw new MachineError('E_NO_TARGET', `${path} cannot be traced: no folder of a cgroup v2 tree has that path`, {
      hint: 'give a folder below /sys/fs/cgroup, such as the CGroup that systemctl status shows',
    })
  }
  const folders = [root]
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) folders.push(join(folder, entry.name))
  }
  return folders.map(folder => ({ id: statSync(folder).ino, pids: pidsOf(folder) }))
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
