/** One socket of /proc/net/unix. */
export interface UnixRow {
  table: 'unix'
  /** Hashed kernel address, as printed; only /proc has it. */
  pointer: string | undefined
  /** Only /proc has it. */
  refs: number | undefined
  flags: number
  /** SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_SEQPACKET 5. */
  type: number
  /** See UNIX_STATE. */
  state: number
  /** `'0'` for a connection that waits to be accepted. */
  inode: string
  /** Byte string: a path, or a name in the abstract namespace with `@` for NUL. Absent for an unnamed socket. */
  path: string | undefined
  /** Bytes that wait; of a listener the connections that wait for accept(). Only the kernel's own answer has it. */
  rxQueueBytes?: number | undefined
  /** Of a socket that does not listen. */
  txQueueBytes?: number | undefined
  /** Of a listener: how many may wait for accept(). */
  acceptQueueLimit?: number | undefined
  /** The text of this row could be part of the name in an earlier row: any user may bind a name that holds a newline. */
  mayBeForged: boolean
}
