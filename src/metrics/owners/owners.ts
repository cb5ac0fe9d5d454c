import type { ProcSource } from '../../proc/proc-source.ts'
import type { Labels } from '../model.ts'
import { labelOfBytes } from '../rules/label-value.ts'
import type { OwnerNumbers } from '../rules/tcp-tally.ts'
import { unitTemplate } from '../rules/unit-template.ts'
import { searchOwners, type OwnerSearch, type SocketHolder } from './search.ts'

/** A search takes no more than this share of the time. */
const SHARE = 30
/** And comes no sooner than this after the one before. */
const LEAST_MS = 1000
/** Owners are searched again, although no socket is new: a process may have started another program. */
const MOST_MS = 60_000
/** Hexadecimal digits by which people know a container. */
const CONTAINER_DIGITS = 12

const NOBODY: Labels = { program: '', unit: '', container: '' }

interface OwnersOptions {
  search?: (source: ProcSource) => Promise<OwnerSearch>
  nowMs?: () => number
}

/** Who holds which socket: found by a search through /proc, kept until the next one. */
export class Owners implements OwnerNumbers {
  readonly #source: ProcSource
  readonly #search: (source: ProcSource) => Promise<OwnerSearch>
  readonly #nowMs: () => number
  #found: OwnerSearch | undefined
  #running: Promise<void> | undefined
  #began: number | undefined
  #labels: (Labels | undefined)[] = []
  /** Sockets that the last search did not find, though they were there before it began. */
  #missed: ReadonlySet<number> = new Set()
  searches = 0

  constructor(source: ProcSource, { search = searchOwners, nowMs = () => performance.now() }: OwnersOptions = {}) {
    this.#source = source
    this.#search = search
    this.#nowMs = nowMs
  }

  /** What the last search that ended found. */
  get found(): OwnerSearch | undefined {
    return this.#found
  }

  get ageMs(): number | undefined {
    return this.#found && this.#nowMs() - this.#found.beganAtMs
  }

  /** Whether the owner of this socket has been searched for. */
  isSearched(inode: number): boolean {
    return this.numberOf(inode) !== 0 || this.#missed.has(inode)
  }

  /**
   * Starts a search for the owners of `inodes` that are not known where one is due, and waits for it, at most until
   * `deadlineMs`: false where something is still to be found then. What was found before stays in force until the search has ended.
   */
  async refresh(inodes: ReadonlySet<number>, deadlineMs: number): Promise<boolean> {
    const isNew = [...inodes].some(inode => !this.isSearched(inode))
    if (this.#running === undefined && this.#isDue(isNew)) this.#start(inodes)
    if (this.#running === undefined) return !isNew
    const late = timer(deadlineMs - this.#nowMs())
    const isDone = await Promise.race([this.#running.then(() => true), late.ended.then(() => false)])
    late.clear()
    return isDone
  }

  numberOf(inode: number): number {
    return this.#found === undefined ? 0 : this.#found.ofInode.get(inode)
  }

  holderOf(inode: number): SocketHolder | undefined {
    return this.#found?.holders[this.numberOf(inode)]
  }

  labelsOf(number: number): Labels {
    return (this.#labels[number] ??= ownerLabels(this.#found?.holders[number]))
  }

  #isDue(isNew: boolean): boolean {
    if (this.#began === undefined || this.#found === undefined) return true
    const ago = this.#nowMs() - this.#began
    return ago >= Math.max(isNew ? LEAST_MS : MOST_MS, SHARE * this.#found.tookMs)
  }

  #start(inodes: ReadonlySet<number>): void {
    this.#began = this.#nowMs()
    this.searches += 1
    this.#running = this.#search(this.#source)
      .then(found => {
        this.#found = found
        this.#labels = []
        this.#missed = new Set([...inodes].filter(inode => found.ofInode.get(inode) === 0))
      })
      .finally(() => {
        this.#running = undefined
      })
    // Whoever waits is told; where nobody does, the next search tries again.
    this.#running.catch(() => {})
  }
}

/** Program, unit and container as labels: bounded in number and safe in every way. */
export function ownerLabels(holder: Omit<SocketHolder, 'pid' | 'startTicks'> | undefined): Labels {
  if (holder === undefined) return NOBODY
  const { program, unit, container } = holder
  return {
    program: labelOfBytes(program),
    unit: unit === undefined ? '' : labelOfBytes(unitTemplate(unit)),
    container: container === undefined ? '' : labelOfBytes(shortId(container)),
  }
}

/** Names of LXC and systemd-machined stay whole. */
const shortId = (container: string) =>
  /^[0-9a-f]{32,}/.test(container) ? container.slice(0, CONTAINER_DIGITS) : container

function timer(ms: number) {
  let clear = () => {}
  const ended = new Promise<void>(resolve => {
    const handle = setTimeout(resolve, Math.max(0, ms))
    clear = () => clearTimeout(handle)
  })
  return { ended, clear }
}
