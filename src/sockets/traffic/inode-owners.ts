import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parsePidCgroup } from '../../processes/pid-cgroup.ts'
import { programName } from '../../processes/process-facts.ts'
import { readProcessFacts, readStartTicks } from '../../processes/read-process-facts.ts'
import { processNames, scanOwners, type OwnerScan } from '../../processes/socket-owners.ts'
import { UNKNOWN_OWNER, type TrafficOwner, type TrafficOwners } from './traffic-owners.ts'

/** Searching all processes takes no more than this share of one CPU. */
const SEARCH_SHARE = 0.01

/** A process's facts are read again after so long: it may have become another program. */
const FACTS_MS = 10_000

/**
 * Owners of sockets by inode, remembered from look to look. An inode that is new is searched among the processes that had
 * sockets and those that are new; among all of them only now and then, as that costs most.
 */
export class InodeOwners {
  readonly #source: ProcSource
  readonly #owners: TrafficOwners
  /** Inode → number of the owner, and the search that was asked for it last. */
  #known = new Map<number, number>()
  #asked = new Map<number, number>()
  readonly #wanted = new Set<number>()
  readonly #pids = new Map<number, { owner: TrafficOwner; readMs: number }>()
  #names: ReadonlySet<string> = new Set()
  #nextFullMs = -Infinity
  #scan: Pick<OwnerScan, 'processes' | 'unreadable'> = { processes: 0, unreadable: new Map() }

  constructor(source: ProcSource, owners: TrafficOwners) {
    this.#source = source
    this.#owners = owners
  }

  /** How the last search of all processes went. */
  get lastSearch(): Pick<OwnerScan, 'processes' | 'unreadable'> {
    return this.#scan
  }

  /** Undefined until all processes were searched for it; then a number, {@link UNKNOWN_OWNER} where none was found. */
  of = (inode: number): number | undefined => {
    const known = this.#known.get(inode)
    if (known === undefined) this.#wanted.add(inode)
    else this.#asked.set(inode, known)
    return known
  }

  /** The answer of {@link of} that is there already: asks for nothing. */
  known(inode: number): number | undefined {
    return this.#known.get(inode)
  }

  /** Inodes that were asked for and have no answer yet. */
  get open(): number {
    return this.#wanted.size
  }

  /** Searches for what was asked for since the last call, and forgets what was not. */
  search(nowMs: number): void {
    this.#known = this.#asked
    this.#asked = new Map()
    if (this.#wanted.size === 0) return
    const names = processNames(this.#source)
    if (nowMs < this.#nextFullMs) {
      const likely = names.filter(name => this.#pids.has(Number(name)) || !this.#names.has(name))
      this.#take(this.#scanOf(likely), nowMs)
    } else {
      const began = performance.now()
      this.#scan = this.#take(this.#scanOf(names), nowMs)
      for (const inode of this.#wanted) this.#known.set(inode, UNKNOWN_OWNER)
      this.#forgetProcesses(new Set(names))
      this.#nextFullMs = nowMs + (performance.now() - began) / SEARCH_SHARE
    }
    this.#names = new Set(names)
    this.#wanted.clear()
  }

  #scanOf(names: string[]): OwnerScan {
    const source: ProcSource = {
      ...this.#source,
      list: path => (path === '' ? names : this.#source.list(path)),
    }
    return scanOwners(source, new Set(Array.from(this.#wanted, String)))
  }

  #take(scan: OwnerScan, nowMs: number): OwnerScan {
    for (const inode of scan.byInode.inodes()) {
      const pid = Math.min(...scan.byInode.of(inode).map(reference => reference.pid))
      this.#known.set(Number(inode), this.#owners.numberOf(this.#factsOf(pid, nowMs)))
      this.#wanted.delete(Number(inode))
    }
    return scan
  }

  #factsOf(pid: number, nowMs: number): TrafficOwner {
    const known = this.#pids.get(pid)
    if (known?.readMs === nowMs) return known.owner
    const source = this.#source
    const startTicks = readStartTicks(source, pid)
    if (known !== undefined && nowMs - known.readMs < FACTS_MS && startTicks === known.owner.startTicks)
      return known.owner
    const cgroup = optional(() => parsePidCgroup(source.readFile(`${pid}/cgroup`)))
    const owner: TrafficOwner = {
      pid,
      startTicks,
      program: programName(readProcessFacts(source, pid, 'name', undefined)),
      unit: cgroup?.unit,
      container: cgroup?.container,
    }
    this.#pids.set(pid, { owner, readMs: nowMs })
    return owner
  }

  #forgetProcesses(names: ReadonlySet<string>): void {
    for (const pid of this.#pids.keys()) if (!names.has(String(pid))) this.#pids.delete(pid)
  }
}
