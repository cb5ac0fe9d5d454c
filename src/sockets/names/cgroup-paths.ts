import { readdirSync, statSync } from 'node:fs'
import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** More cgroups than any machine should have: their names are not looked up then, only counted by their ids. */
const MOST_CGROUPS = 20_000

/**
 * Paths of the cgroups of this machine by their id, which is the inode of their folder; as ss prints them, `/` for the
 * root. Empty for a recording and where cgroup2 is not mounted. Names are byte strings.
 *
 * Source: cgroups(7).
 */
export function cgroupPaths(source: ProcSource): Map<string, string> {
  const paths = new Map<string, string>()
  const mountinfo = source.isThisMachine
    ? optional(() => source.readFile('self/mountinfo').toString('latin1'))
    : undefined
  const mount = mountinfo && cgroup2Mount(mountinfo)
  if (mount === undefined) return paths
  const waiting = ['']
  for (let path = waiting.pop(); path !== undefined && paths.size < MOST_CGROUPS; path = waiting.pop()) {
    const folder = Buffer.from(mount + path, 'latin1')
    // A cgroup may be removed while we look.
    const inode = optional(() => statSync(folder, { bigint: true }).ino)
    if (inode === undefined) continue
    paths.set(String(inode), path === '' ? '/' : path)
    for (const entry of optional(() => readdirSync(folder, { withFileTypes: true, encoding: 'latin1' })) ?? [])
      if (entry.isDirectory()) waiting.push(`${path}/${entry.name}`)
  }
  return paths
}

/** Where cgroup2 is mounted: `30 23 0:26 / /sys/fs/cgroup rw,… - cgroup2 cgroup2 rw`. Source: proc_pid_mountinfo(5). */
export function cgroup2Mount(mountinfo: string): string | undefined {
  const mount = /^\d+ \d+ \S+ \S+ (\S+) .* - cgroup2 /m.exec(mountinfo)?.[1]
  return mount?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
