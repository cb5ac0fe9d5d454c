import type { SocketHolder, SocketHolders } from '../model/socket-holder.ts'
import { errnoOf } from '../errors.ts'
import type { ProcSource } from '../source/proc-source.ts'

export interface HolderScan {
  holders: SocketHolders
  /** Processes whose open files could not be listed. */
  unreadable: number
  processes: number
}

/**
 * Who has these sockets open. Only processes of the namespace `netns` are looked through, where it is given and can be
 * told: on a host full of containers that is what makes the scan short.
 */
export function socketHolders(source: ProcSource, inodes: ReadonlySet<string>, netns?: string): HolderScan {
  const holders = new Map<string, SocketHolder[]>()
  if (inodes.size === 0) return { holders, unreadable: 0, processes: 0 }
  const pids = (attempt(() => source.list('')) ?? []).filter(name => /^\d+$/.test(name))
  let unreadable = 0
  for (const pid of pids) {
    const own = netns === undefined ? undefined : attempt(() => source.readLink(`${pid}/ns/net`))
    if (own !== undefined && own !== netns) continue
    let fds: string[]
    try {
      fds = source.list(`${pid}/fd`)
    } catch (error) {
      // A process that ended meanwhile has no sockets to name.
      if (['EACCES', 'EPERM'].includes(errnoOf(error))) unreadable += 1
      continue
    }
    const held = new Set(
      fds.map(fd => socketInode(attempt(() => source.readLink(`${pid}/fd/${fd}`)))).filter(inode => inodes.has(inode)),
    )
    if (held.size === 0) continue
    const program = attempt(() => source.readFile(`${pid}/comm`).toString('latin1').replace(/\n$/, ''))
    for (const inode of held) {
      const known = holders.get(inode)
      const holder = { pid: Number(pid), program: program ?? '?' }
      if (known === undefined) holders.set(inode, [holder])
      else known.push(holder)
    }
  }
  return { holders, unreadable, processes: pids.length }
}

/** `socket:[4711]` → `4711`; anything else → the empty string, which is no inode. */
function socketInode(link: string | undefined): string {
  return link?.startsWith('socket:[') ? link.slice(8, -1) : ''
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
