import type { Owner } from '../model/socket.ts'
import type { ProcessFacts } from '../model/process.ts'
import type { ProcSource } from '../source/proc-source.ts'
import { readBootTimeMs, readProcessFacts, readStartTicks, type FactLevel } from './process-facts.ts'
import { socketInode, type Holder, type HolderScan } from './socket-holders.ts'

/** Names the holders of sockets, one reading a process however many sockets it holds. */
export class OwnerNames {
  readonly #source: ProcSource
  readonly #level: FactLevel
  readonly #scan: HolderScan
  readonly #facts = new Map<number, ProcessFacts | undefined>()
  #bootedAtMs: number | undefined
  /** Processes that ended, or let go of the socket, before they could be named. */
  vanished = 0

  constructor(source: ProcSource, scan: HolderScan, level: FactLevel) {
    this.#source = source
    this.#scan = scan
    this.#level = level
    if (level === 'full') this.#bootedAtMs = readBootTimeMs(source)
  }

  /** Owners of a socket, by pid; empty where nobody holds it. */
  of(inode: string): Owner[] {
    const owners = new Map<number, Owner>()
    for (const holder of this.#scan.byInode.get(inode) ?? []) {
      const known = owners.get(holder.pid)
      if (known !== undefined) {
        known.fds.push(holder.fd)
        if (holder.tid !== undefined) known.tids?.push(holder.tid)
        continue
      }
      const process = this.#processOf(holder, inode)
      if (process === undefined) continue
      owners.set(holder.pid, {
        process,
        heldBy: holder.heldBy,
        fds: [holder.fd],
        ...(holder.tid !== undefined && { tids: [holder.tid] }),
      })
    }
    return [...owners.values()]
  }

  #processOf(holder: Holder, inode: string): ProcessFacts | undefined {
    if (this.#facts.has(holder.pid)) return this.#facts.get(holder.pid)
    const facts = this.#readChecked(holder, inode)
    if (facts === undefined) this.vanished += 1
    this.#facts.set(holder.pid, facts)
    return facts
  }

  /**
   * A pid may have gone to another process since its descriptors were read. Whoever still holds the very socket after
   * its facts were read, and started when it had started before, is the process the facts belong to.
   */
  #readChecked(holder: Holder, inode: string): ProcessFacts | undefined {
    const facts = readProcessFacts(this.#source, holder.pid, this.#level, this.#bootedAtMs)
    if (this.#source.kind !== 'live') return facts
    const sameStart = this.#level === 'name' || readStartTicks(this.#source, holder.pid) === facts.startTicks
    return sameStart && this.#stillHolds(holder, inode) ? facts : undefined
  }

  #stillHolds(holder: Holder, inode: string): boolean {
    const folder = holder.tid === undefined ? `${holder.pid}` : `${holder.pid}/task/${holder.tid}`
    try {
      const link = this.#source.readLink(`${folder}/fd/${holder.fd}`)
      return holder.heldBy === 'io_uring' ? link === 'anon_inode:[io_uring]' : socketInode(link) === inode
    } catch {
      return false
    }
  }
}
