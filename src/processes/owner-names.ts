import type { Owner } from './owner.ts'
import type { ProcessFacts } from './process.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { readBootTimeMs, readProcessFacts, readStartTicks, type FactLevel } from './process-facts.ts'
import type { Holder } from './fast/owners-by-inode.ts'
import { socketInode, type HolderScan } from './socket-owners.ts'

/** A process that let go of so many of its sockets before it could be named is not asked again. */
const MAX_ATTEMPTS = 8

/** Names the holders of sockets, one reading a process however many sockets it holds. */
export class OwnerNames {
  readonly #source: ProcSource
  readonly #level: FactLevel
  readonly #scan: HolderScan
  readonly #facts = new Map<number, ProcessFacts>()
  /** Pid → attempts that named nobody. */
  readonly #failures = new Map<number, number>()
  #bootedAtMs: number | undefined

  constructor(source: ProcSource, scan: HolderScan, level: FactLevel) {
    this.#source = source
    this.#scan = scan
    this.#level = level
    if (level === 'full') this.#bootedAtMs = readBootTimeMs(source)
  }

  /** Processes that ended, or let go of their sockets, before they could be named. */
  get vanished(): number {
    return [...this.#failures.keys()].filter(pid => !this.#facts.has(pid)).length
  }

  /** Owners of a socket, by pid; empty where nobody holds it. */
  of(inode: string): Owner[] {
    const holders = this.#scan.byInode.of(inode)
    if (holders.length === 1) {
      const owner = this.#owner(holders[0]!, inode)
      return owner === undefined ? [] : [owner]
    }
    const owners: Owner[] = []
    for (const holder of holders) {
      const known = owners.find(owner => owner.process.pid === holder.pid)
      if (known !== undefined) {
        known.fds.push(holder.fd)
        if (holder.tid !== undefined) known.tids?.push(holder.tid)
        continue
      }
      const owner = this.#owner(holder, inode)
      if (owner !== undefined) owners.push(owner)
    }
    return owners
  }

  #owner(holder: Holder, inode: string): Owner | undefined {
    const process = this.#facts.get(holder.pid) ?? this.#read(holder, inode)
    if (process === undefined) return undefined
    const tids = holder.tid === undefined ? undefined : [holder.tid]
    return { process, heldBy: holder.heldBy, fds: [holder.fd], tids }
  }

  #read(holder: Holder, inode: string): ProcessFacts | undefined {
    const failures = this.#failures.get(holder.pid) ?? 0
    if (failures >= MAX_ATTEMPTS) return undefined
    const facts = this.#readChecked(holder, inode)
    if (facts === undefined) this.#failures.set(holder.pid, failures + 1)
    else this.#facts.set(holder.pid, facts)
    return facts
  }

  /**
   * A pid may have gone to another process since its descriptors were read. Whoever still holds the very socket after
   * its facts were read, and started when it had started before, is the process the facts belong to.
   */
  #readChecked(holder: Holder, inode: string): ProcessFacts | undefined {
    const facts = readProcessFacts(this.#source, holder.pid, this.#level, this.#bootedAtMs)
    if (!this.#source.mayChange) return facts
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
