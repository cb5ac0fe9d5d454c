import { unmapIp } from '../../kernel/ip-address.ts'
import { parseIp } from '../../kernel/parse-ip.ts'
import type { Socket } from '../model.ts'
import { isInetRow } from '../tables/socket-row.ts'
import type { Answer } from './evaluate.ts'
import { globMatcher } from './glob.ts'
import { toByteString } from './byte-string.ts'
import type { End, FilterLeaf, HostPattern, Network } from './language/tree.ts'

/** What names in addresses mean. */
export interface HostContext {
  /** Names of hosts in the filter → their addresses. */
  hosts: ReadonlyMap<string, readonly string[]>
  /** Number of an interface; undefined where it is not known. */
  interfaceIndex: (name: string) => number | undefined
  /** Path of the unix socket with this inode: of the peer that the kernel names. */
  unixPath: (inode: string) => string | undefined
}

/** What src and dst say of a socket. */
export function answerHost(
  { end, host }: Extract<FilterLeaf, { kind: 'host' }>,
  socket: Socket,
  context: HostContext,
): Answer {
  switch (host.family) {
    case 'inet':
      return answerInet(end, host, socket, context)
    case 'unix':
      return answerUnix(end, host.glob, socket, context)
    case 'link':
      return answerLink(end, host, socket, context)
    case 'netlink':
      return answerNetlink(end, host, socket)
    case 'vsock':
      // No table lists them.
      return 'foreign'
  }
}

/** The port of an end; of a unix socket an inode. Undefined where it is not known. */
export function portNumberOf({ row, kernel }: Socket, end: End): number | undefined {
  if (row.table === 'unix') {
    const inode = end === 'src' ? row.inode : kernel?.peerInode
    return inode === undefined ? undefined : Number(inode)
  }
  if (row.table === 'packet' || row.table === 'netlink') return undefined
  return end === 'src' ? row.localPort : row.remotePort
}

function answerInet(
  end: End,
  { only, address, port }: Extract<HostPattern, { family: 'inet' }>,
  socket: Socket,
  { hosts }: HostContext,
): Answer {
  const { row } = socket
  if (!isInetRow(row) && row.table !== 'sctp') return only === undefined && isAny(address, port) ? true : 'foreign'
  if (only !== undefined && isInetRow(row) && row.table.endsWith('6') !== (only === 'inet6')) return 'foreign'
  if (port !== undefined && portNumberOf(socket, end) !== port) return false
  if (!isInetRow(row))
    return isOneOf(end === 'src' ? row.localAddresses : row.remoteAddresses, { only, address }, hosts)
  return isOneOf([end === 'src' ? row.localAddress : row.remoteAddress], { only, address }, hosts)
}

/** Whether one of these addresses is meant; of a name only those of the family that is asked for. */
export function isOneOf(
  own: readonly string[],
  { only, address }: Pick<Extract<HostPattern, { family: 'inet' }>, 'only' | 'address'>,
  hosts: HostContext['hosts'],
): boolean {
  if (address === '*') return true
  if (!('name' in address)) return own.some(text => isWithin(text, address))
  const named = (hosts.get(address.name) ?? []).filter(
    text => only === undefined || text.includes(':') === (only === 'inet6'),
  )
  const networks = named.map(single)
  return own.some(text => networks.some(network => network !== undefined && isWithin(text, network)))
}

const isAny = (address: Extract<HostPattern, { family: 'inet' }>['address'], port: number | undefined) =>
  address === '*' && port === undefined

function single(address: string): Network | undefined {
  const bytes = parseIp(address)
  return bytes && { bytes: [...bytes], bits: bytes.length * 8 }
}

/** A rule of IPv4 holds for an IPv4-mapped address, too; a rule of IPv6 never for one of IPv4. */
function isWithin(text: string, { bytes, bits }: Network): boolean {
  if (bytes.length === 4) {
    const value = ipv4Value(unmapIp(text))
    if (value === undefined) return false
    const network = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0
    return bits === 0 || value >>> (32 - bits) === network >>> (32 - bits)
  }
  const address = text.includes(':') ? ipv6Bytes(text) : undefined
  if (address === undefined) return false
  const whole = bits >> 3
  for (let i = 0; i < whole; i += 1) if (address[i] !== bytes[i]) return false
  const rest = bits & 7
  return rest === 0 || address[whole]! >> (8 - rest) === bytes[whole]! >> (8 - rest)
}

const DOT = 0x2e
const ZERO = 0x30

/** An address that a table shows, as a number; without a regular expression, as there may be very many. */
function ipv4Value(text: string): number | undefined {
  let value = 0
  let part = 0
  let dots = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === DOT) {
      value = (value << 8) | part
      part = 0
      dots += 1
    } else if (code >= ZERO && code < ZERO + 10) part = part * 10 + code - ZERO
    else return undefined
  }
  return dots === 3 ? ((value << 8) | part) >>> 0 : undefined
}

const KEPT = 10_000
const known = new Map<string, Uint8Array | undefined>()

/** Cached: many sockets share an address. */
function ipv6Bytes(text: string): Uint8Array | undefined {
  const cached = known.get(text)
  if (cached !== undefined) return cached
  if (known.size >= KEPT) known.clear()
  const bytes = parseIp(text)
  known.set(text, bytes)
  return bytes
}

const globs = new Map<string, (text: string) => boolean>()

/** Cached: a filter asks the same of every socket. */
export function isLike(pattern: string, text: string): boolean {
  let matcher = globs.get(pattern)
  if (matcher === undefined) {
    if (globs.size >= KEPT) globs.clear()
    globs.set(pattern, (matcher = globMatcher(toByteString(pattern))))
  }
  return matcher(text)
}

function answerUnix(end: End, glob: string, { row, kernel }: Socket, { unixPath }: HostContext): Answer {
  if (row.table !== 'unix') return 'foreign'
  if (end === 'src') return isLike(glob, row.path ?? '')
  if (/^\*+$/.test(glob)) return true
  if (kernel === undefined) return 'unknown'
  // Without a peer, and while the peer has not accepted, there is no name.
  const { peerInode = '0' } = kernel
  return isLike(glob, (peerInode === '0' ? undefined : unixPath(peerInode)) ?? '')
}

function answerLink(
  end: End,
  { protocol, device }: Extract<HostPattern, { family: 'link' }>,
  { row, interfaceName }: Socket,
  context: HostContext,
): Answer {
  if (row.table !== 'packet') return 'foreign'
  // A packet socket has no peer.
  if (end === 'dst') return protocol === undefined && device === undefined
  if (protocol !== undefined && row.protocol !== protocol) return false
  if (device === undefined) return true
  return row.interfaceIndex === 0 ? false : isInterface(device, row.interfaceIndex, interfaceName, context)
}

/** Whether an interface is the one that is meant, by number or name; a name may mean another number in another namespace. */
export function isInterface(
  device: string,
  index: number,
  name: string | undefined,
  { interfaceIndex }: Pick<HostContext, 'interfaceIndex'>,
): Answer {
  if (/^\d+$/.test(device)) return Number(device) === index
  if (name !== undefined) return name === toByteString(device)
  const asked = interfaceIndex(device)
  return asked === undefined ? 'unknown' : asked === index
}

function answerNetlink(
  end: End,
  { protocol, port }: Extract<HostPattern, { family: 'netlink' }>,
  { row }: Socket,
): Answer {
  if (row.table !== 'netlink') return 'foreign'
  if (protocol !== undefined && row.protocol !== protocol) return false
  if (port === undefined) return true
  // Whom a netlink socket is connected to is in no table.
  return end === 'dst' ? 'unknown' : row.portId === port
}
