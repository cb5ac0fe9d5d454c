import { TCP_STATE } from '../../kernel/tcp-state.ts'

/**
 * The form of a row of /proc/net/tcp and of the tables that share it (tcp6, udp, udplite, raw, icmp).
 *
 * Source: Linux net/ipv4/tcp_ipv4.c, tcp4_seq_show; net/ipv6/tcp_ipv6.c, tcp6_seq_show. One line:
 * `   6: 0100007F:2710 0100007F:1F90 06 00000000:00000000 03:0000175B 00000000     0        0 0 3 00000000863ee25c`.
 */

/** Hex digits of an address: IPv4, IPv6. */
export type AddressWidth = 8 | 32

/** Where the columns of a row begin, counted from the first digit of its local address; all have a fixed width there. */
export interface RowOffsets {
  width: AddressWidth
  localPort: number
  remote: number
  remotePort: number
  /** Two digits. */
  state: number
  /** Two digits, a colon, and the ticks. */
  timer: number
  timerTicks: number
  /** The place where the inode of a socket without one stands: uid and timeout are padded to 5 and 8 characters. */
  zeroInode: number
}

function rowOffsets(width: AddressWidth): RowOffsets {
  const localPort = width + 1
  const remote = localPort + 5
  const remotePort = remote + width + 1
  const state = remotePort + 5
  const timer = state + 21
  return { width, localPort, remote, remotePort, state, timer, timerTicks: timer + 3, zeroInode: state + 57 }
}

export const IPV4_ROW = rowOffsets(8)
export const IPV6_ROW = rowOffsets(32)

export { addressBytes, addressDigits } from '../../kernel/hex-address.ts'

/** Matches an address column with one of these digits; `digits` are patterns. */
export function addressPattern(...digits: readonly string[]): RegExp {
  return new RegExp(`(?<![0-9A-F])(?:${digits.join('|')}):`, 'i')
}

const ROW =
  /^( *\d+: )([0-9A-F]{8}|[0-9A-F]{32})(:[0-9A-F]{4} )([0-9A-F]{8}|[0-9A-F]{32})(:[0-9A-F]{4} [0-9A-F:. a-f-]*)$/i

/** The row with both addresses replaced by what `rewrite` makes of their digits; undefined where the line is no row. */
export function rewriteAddresses(line: string, rewrite: (digits: string) => string): string | undefined {
  const match = ROW.exec(line)
  if (match === null) return undefined
  const [, slot = '', local = '', port = '', remote = '', rest = ''] = match
  return slot + rewrite(local) + port + rewrite(remote) + rest
}

/** The columns that distinguish sockets, as text or numbers: see {@link socketIdentity}. */
interface Identifying {
  local: string
  remote: string
  state: string | number
  inode: string
  pointer: string | undefined
}

/**
 * A text that two readings of one socket share and two sockets do not: inode and the kernel's pointer, without an inode
 * also both addresses, without a pointer (kernels before 2.6) the state. The local end always counts, because odd tables
 * show one inode for several sockets; the remote end of a socket with an inode does not: a UDP socket may connect between
 * two readings.
 */
export function socketIdentity({ local, remote, state, inode, pointer }: Identifying): string {
  if (inode !== '0') return `${inode} ${pointer} ${local}`
  return `${pointer ?? state} ${local} ${remote}`
}

/** {@link socketIdentity} of a row as text. */
export function rowIdentity(line: string): string {
  const [, local = '', remote = '', state = '', , , , , , inode = '0', , pointer] = line.trim().split(/ +/)
  return socketIdentity({ local, remote, state, inode, pointer })
}

/** Bytes that surely hold the last line of a chunk. */
const LAST_LINE_BYTES = 512

/** Whether the last line of a chunk of net/tcp is a socket that does not listen: the kernel prints listeners first. */
export function isPastListeners(chunk: Buffer): boolean {
  const tail = chunk.toString('latin1', Math.max(0, chunk.length - LAST_LINE_BYTES))
  const state = /\n *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) [^\n]*\n$/.exec(`\n${tail}`)?.[1]
  return state !== undefined && state !== LISTEN_DIGITS
}

const LISTEN_DIGITS = TCP_STATE.listen.toString(16).padStart(2, '0').toUpperCase()
