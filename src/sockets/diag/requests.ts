import { endianness } from 'node:os'
import type { DumpChoice, DumpFamily } from '../../proc/proc-source.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { FAMILIES, type FamilyKind } from './families.ts'
import { aligned, HEADER_BYTES, MESSAGE, NLM_F_DUMP, NLM_F_REQUEST } from './decode/wire.ts'

/** Every state that a table of /proc shows: ESTABLISHED (1) to NEW_SYN_RECV (12). */
const ALL_STATES = 0x1ffe
/** Source: Linux include/net/tcp_states.h, TCPF_BOUND_INACTIVE. */
const BOUND_INACTIVE = 1 << 13

/** What is asked for besides what comes anyway. Source: Linux include/uapi/linux/inet_diag.h, one bit an attribute. */
const EXTENSION = { info: 1 << 1, congestion: 1 << 3, memory: 1 << 6 } as const
const INET_DIAG_REQ_PROTOCOL = 3

/** Name, peer, waiting clients, queues, memory, shutdown, user. Source: Linux include/uapi/linux/unix_diag.h. */
const UNIX_SHOW = 0x01 | 0x04 | 0x08 | 0x10 | 0x20 | 0x40
/** Interface and user, memory. Source: Linux include/uapi/linux/packet_diag.h. */
const PACKET_SHOW = 0x01 | 0x10
/** Memory, groups. Source: Linux include/uapi/linux/netlink_diag.h. */
const NETLINK_SHOW = 0x01 | 0x02
const NETLINK_ALL_PROTOCOLS = 255

const LITTLE = endianness() === 'LE'
const put16 = (bytes: Buffer, value: number, at: number) =>
  LITTLE ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at)
const put32 = (bytes: Buffer, value: number, at: number) =>
  LITTLE ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at)

/** The request for every socket of a family, in the byte order of this machine. */
export function dumpRequest(family: DumpFamily, choice: DumpChoice = {}): Buffer {
  return message(bodyOf(FAMILIES[family], choice))
}

function bodyOf(of: FamilyKind, choice: DumpChoice): Buffer {
  switch (of.kind) {
    case 'inet':
      return inetBody(of, choice)
    case 'unix':
      // struct unix_diag_req: family, states, inode, show, cookie.
      return words(of.family, 0, [statesOf(choice), 0, UNIX_SHOW, 0, 0])
    case 'packet':
      // struct packet_diag_req: family, inode, show, cookie.
      return words(of.family, 0, [0, PACKET_SHOW, 0xffffffff, 0xffffffff])
    case 'netlink':
      return words(of.family, NETLINK_ALL_PROTOCOLS, [0, NETLINK_SHOW, 0xffffffff, 0xffffffff])
  }
}

/** struct inet_diag_req_v2: family, protocol, extensions, states, and an id that no dump looks at. */
function inetBody({ family, protocol }: { family: number; protocol: number }, choice: DumpChoice): Buffer {
  const body = Buffer.alloc(56)
  body[0] = family
  body[1] = protocol & 0xff
  body[2] = extensionsOf(choice)
  put32(body, statesOf(choice), 4)
  return protocol < 256 ? body : Buffer.concat([body, attribute(INET_DIAG_REQ_PROTOCOL, protocol)])
}

function extensionsOf({ facts }: DumpChoice): number {
  if (facts === undefined) return 0
  const memory = facts === 'tcp-info' ? 0 : EXTENSION.memory
  return EXTENSION.congestion | memory | (facts === 'memory' ? 0 : EXTENSION.info)
}

function statesOf({ listenersOnly, bound, withoutTimeWait }: DumpChoice): number {
  if (listenersOnly) return 1 << TCP_STATE.listen
  const states = bound ? ALL_STATES | BOUND_INACTIVE : ALL_STATES
  return withoutTimeWait ? states & ~(1 << TCP_STATE.timeWait) : states
}

function words(family: number, protocol: number, values: readonly number[]): Buffer {
  const body = Buffer.alloc(4 + 4 * values.length)
  body[0] = family
  body[1] = protocol
  values.forEach((value, i) => put32(body, value, 4 + 4 * i))
  return body
}

function attribute(type: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  put16(bytes, 8, 0)
  put16(bytes, type, 2)
  put32(bytes, value, 4)
  return bytes
}

function message(body: Buffer): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + aligned(body.length))
  put32(bytes, bytes.length, 0)
  put16(bytes, MESSAGE.sockets, 4)
  put16(bytes, NLM_F_REQUEST | NLM_F_DUMP, 6)
  body.copy(bytes, HEADER_BYTES)
  return bytes
}
