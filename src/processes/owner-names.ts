import type { Owner } from './owner.ts'
import type { ProcessFacts } from './process-facts.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { readBootTimeMs, readProcessFacts, readStartTicks, type FactLevel } from './read-process-facts.ts'
import type { OwnerReference } from './fast/owners-by-inode.ts'
import { socketInode, type OwnerScan } from './socket-owners.ts'

/** A process that closed so many of its sockets before it could be named is not read again. */
const MAX_ATTEMPTS = 8

/**
 * Names the owners of sockets, in the order of their pids: the order of a listing depends on what was listed. Each process
 * is read once, however many sockets it has.
 */
export class OwnerNames {
  readonly #asListed: boolean
  readonly #source: ProcSource
  readonly #level: FactLevel
  readonly #scan: OwnerScan
  readonly #facts = new Map<number, ProcessFacts>()
  /** Pid → attempts that named nobody. */
  readonly #failures = new Map<number, number>()
  #bootedAtMs: number | undefined

  /** `asListed`: in the order /proc listed the processes, as netstat takes them. */
  constructor(source: ProcSource, scan: OwnerScan, level: FactLevel, { asListed = false } = {}) {
    this.#asListed = asListed
    this.#source = source
    this.#scan = scan
    this.#level = level
    if (level === 'full') this.#bootedAtMs = readBootTimeMs(source)
  }

  /** Processes that ended, or let go of their sockets, before they could be named. */
  get vanished(): number {
    return [...this.#failures.keys()].filter(pid => !this.#facts.has(pid)).length
  }

  /** Owners of a socket, one for each process; empty where none was found. */
  of(inode: string): Owner[] {
    const references = this.#scan.byInode.of(inode)
    if (references.length === 1) {
      const owner = this.#owner(references[0]!, inode)
      return owner === undefined ? [] : [owner]
    }
    const owners: Owner[] = []
    for (const reference of references) {
      const known = owners.find(owner => owner.process.pid === reference.pid)
      if (known !== undefined) {
        known.fds.push(reference.fd)
        if (reference.tid !== undefined) known.tids?.push(reference.tid)
        continue
      }
      const owner = this.#owner(reference, inode)
      if (owner !== undefined) owners.push(owner)
    }
    for (const { fds, tids } of owners) {
      fds.sort(ascending)
      tids?.sort(ascending)
    }
    return this.#asListed ? owners : owners.sort((a, b) => a.process.pid - b.process.pid)
  }

  #owner(reference: OwnerReference, inode: string): Owner | undefined {
    const process = this.#facts.get(reference.pid) ?? this.#read(reference, inode)
    if (process === undefined) return undefined
    const tids = reference.tid === undefined ? undefined : [reference.tid]
    return { process, heldBy: reference.heldBy, fds: [reference.fd], tids }
  }

  #read(reference: OwnerReference, inode: string): ProcessFacts | undefined {
    const failures = this.#failures.get(reference.pid) ?? 0
    if (failures >= MAX_ATTEMPTS) return undefined
    const facts = this.#readChecked(reference, inode)
    if (facts === undefined) this.#failures.set(reference.pid, failures + 1)
    else this.#facts.set(reference.pid, facts)
    return facts
  }

  /**
   * A pid may have gone to another process since its descriptors were read. Whoever still holds the very socket after
   * its facts were read, and started when it had started before, is the process the facts belong to.
   */
  #readChecked(reference: OwnerReference, inode: string): ProcessFacts | undefined {
    const facts = readProcessFacts(this.#source, reference.pid, this.#level, this.#bootedAtMs)
    if (!this.#source.mayChange) return facts
    const sameStart = this.#level === 'name' || readStartTicks(this.#source, reference.pid) === facts.startTicks
    return sameStart && this.#stillHolds(reference, inode) ? facts : undefined
  }

  #stillHolds(reference: OwnerReference, inode: string): boolean {
    const folder = reference.tid === undefined ? `${reference.pid}` : `${reference.pid}/task/${reference.tid}`
    try {
      const link = this.#source.readLink(`${folder}/fd/${reference.fd}`)
      return reference.heldBy === 'io_uring' ? link === 'anon_inode:[io_uring]' : socketInode(link) === inode
    } catch {
      return false
    }
  }
}

const ascending = (a: number, b: number) => a - b
