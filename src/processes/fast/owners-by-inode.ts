import type { HeldBy } from '../owner.ts'

/** One reference of a process to a socket. */
export interface OwnerReference {
  pid: number
  heldBy: HeldBy
  /** Descriptor; the ring's for io_uring. */
  fd: number
  tid?: number
}

/**
 * Owners by inode. Inside, an inode is a number where it fits one, and owners are columns: there are very many, nearly
 * every socket has one, and objects for all of them would keep the garbage collector busy.
 */
export class OwnersByInode {
  /** Inode → index of the last owner that was added. */
  readonly #last = new Map<number | string, number>()
  readonly #pids: number[] = []
  readonly #fds: number[] = []
  /** Index of the owner before, of those that share a socket. */
  readonly #before = new Map<number, number>()
  /** What is unusual about an owner. */
  readonly #unusual = new Map<number, Pick<OwnerReference, 'heldBy' | 'tid'>>()
  readonly #wanted: ReadonlySet<number | string> | undefined

  /** With `wanted` it takes those inodes only. */
  constructor(wanted?: ReadonlySet<string>) {
    this.#wanted = wanted && new Set(Array.from(wanted, keyOf))
  }

  add(inode: string | number, pid: number, fd: number, unusual?: Pick<OwnerReference, 'heldBy' | 'tid'>): void {
    const key = typeof inode === 'number' ? inode : keyOf(inode)
    if (this.#wanted?.has(key) === false) return
    const index = this.#pids.push(pid) - 1
    this.#fds.push(fd)
    if (unusual !== undefined) this.#unusual.set(index, unusual)
    const known = this.#last.get(key)
    if (known !== undefined) this.#before.set(index, known)
    this.#last.set(key, index)
  }

  /** In the order they were added. */
  of(inode: string): OwnerReference[] {
    const owners: OwnerReference[] = []
    for (let index = this.#last.get(keyOf(inode)); index !== undefined; index = this.#before.get(index))
      owners.push(this.#ownerAt(index))
    return owners.length > 1 ? owners.toReversed() : owners
  }

  #ownerAt(index: number): OwnerReference {
    const pid = this.#pids[index]!
    const fd = this.#fds[index]!
    const unusual = this.#unusual.get(index)
    return unusual === undefined ? { pid, heldBy: 'fd', fd } : { pid, fd, ...unusual }
  }

  has(inode: string): boolean {
    return this.#last.has(keyOf(inode))
  }

  inodes(): string[] {
    return Array.from(this.#last.keys(), String)
  }
}

const SAFE_DIGITS = 15

/** The number only where the text can be had back from it. */
const keyOf = (inode: string) => (inode.length <= SAFE_DIGITS && !inode.startsWith('0') ? Number(inode) : inode)
