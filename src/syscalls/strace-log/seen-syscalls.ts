import type { LatencyHistogram } from '../latency-histogram.ts'
import { errnoName, LAST_COMMON_ERRNO } from '../../kernel/errno.ts'
import { syscallKind } from '../../kernel/syscall-kind.ts'
import type { Abi } from '../../kernel/abi.ts'
import { ByteInterner, hashBytes, viewOf } from './fast/byte-interner.ts'
import type { CallTally } from './call-tally.ts'
import type { StraceLine } from './line/line.ts'

/** A system call of one table, numbered as they appear. */
export interface SeenSyscall {
  name: string
  abi: Abi
  kind: number
  latency: LatencyHistogram | undefined
  /** Where calls are not counted per thread. */
  tally: CallTally | undefined
  /** Calls that did not return. */
  neverReturned: number
}

/** Numbers the system calls and errnos of a log as they appear; 0 is for those beyond as many as no log of strace's has. */
export class SyscallNumbers {
  readonly syscalls: SeenSyscall[] = []
  private readonly names: ByteInterner
  private readonly errnos = new ByteInterner(MAX_ERRNOS)
  private latestErrno = -1

  /** `names`: still empty, and those of the lines to come. */
  constructor(names: ByteInterner) {
    this.names = names
    names.internAll(OTHER)
    this.errnos.internAll(OTHER)
    this.add('other', 'native')
  }

  /** Number of the call of a line. */
  syscallOf(line: StraceLine, abi: Abi): number {
    const id = line.internName()
    if (id >= this.syscalls.length) this.add(this.names.text(id), 'native')
    return abi === 'native' ? id : this.foreign(id, abi)
  }

  /** Number of the errno of a line. */
  errnoOf({ view, errnoFrom, errnoTo }: StraceLine): number {
    // Errors come in runs of one errno.
    const end = this.latestErrno === -1 ? -1 : this.errnos.endsAt(this.latestErrno, view, errnoFrom)
    if (end === errnoTo) return this.latestErrno
    const hash = hashBytes(view, errnoFrom, errnoTo)
    return (this.latestErrno = Math.max(0, this.errnos.intern(view, errnoFrom, errnoTo, hash)))
  }

  errnoName(errno: number): string {
    const name = this.errnos.text(errno)
    // strace names no errno of a call it does not know.
    const number = /^errno (\d+)$/.exec(name)?.[1]
    if (number === undefined) return name
    // 18446744073709551595 of strace 5.10 is -21, a restart of its own bookkeeping, and no error of the kernel.
    if (number.length > 4) return 'unknown'
    return Number(number) <= LAST_COMMON_ERRNO ? errnoName(Number(number)) : name
  }

  /** Calls of another table have a name of their own among the names. */
  private foreign(native: number, abi: Abi): number {
    const name = Buffer.from(`${this.syscalls[native]!.name}@${abi}`, 'latin1')
    const id = Math.max(0, this.names.internAll(viewOf(name)))
    if (id >= this.syscalls.length) this.add(this.syscalls[native]!.name, abi)
    return id
  }

  private add(name: string, abi: Abi): void {
    const kind = /^(?:rt_)?sigreturn$/.test(name)
      ? SIGRETURN
      : syscallKind(name) | (/^_?l*seek$/.test(name) ? SEEK : 0) | (/^(?:read|write)v?$/.test(name) ? SOUGHT : 0)
    this.syscalls.push({ name, abi, kind, latency: undefined, tally: undefined, neverReturned: 0 })
  }
}

/** Bits beside those of KIND: sets the position of a descriptor, moves bytes at that position. */
export const SIGRETURN = 1 << 20
export const SEEK = 1 << 21
export const SOUGHT = 1 << 22

/** strace knows some 150. */
const MAX_ERRNOS = 4096
const OTHER = viewOf(Buffer.from('other'))
