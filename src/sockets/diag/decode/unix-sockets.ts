import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { SO_ACCEPTCON, UNIX_STATE } from '../../../kernel/unix-socket.ts'
import type { KernelFacts } from '../../kernel-facts.ts'
import type { UnixRow } from '../../tables/unix-row.ts'
import { MEMORY_BYTES, memoryAt } from './inet-facts.ts'
import type { DumpedSockets } from './inet-sockets.ts'
import type { SocketDump } from './socket-dump.ts'
import { forEachSocket, HEADER_BYTES, type Wire } from './wire.ts'

/** struct unix_diag_msg: family, type, state, padding, inode, cookie. */
const STRUCT_BYTES = 16
const AT = { type: 17, state: 18, inode: 20, cookie: 24 } as const

/** Source: Linux include/uapi/linux/unix_diag.h, UNIX_DIAG_*. */
export const UNIX_ATTRIBUTE = { name: 0, peer: 2, waiting: 3, queues: 4, memory: 5, shutdown: 6 } as const

/**
 * Unix sockets. Names come with their length, so none can forge a row, as in /proc/net/unix. Does not hold references
 * and pointers.
 *
 * Source: Linux net/unix/diag.c. A socket of the kernel has the states of TCP here.
 */
export function unixSockets({ wire }: SocketDump): DumpedSockets<UnixRow> {
  const rows: UnixRow[] = []
  const facts: KernelFacts[] = []
  const end = forEachSocket(wire, STRUCT_BYTES, (at, messageEnd) => {
    const value = valuesOf(wire, at + HEADER_BYTES + STRUCT_BYTES, messageEnd)
    rows.push(rowAt(wire, at, value))
    facts.push(factsAt(wire, at, value))
  })
  return { rows, facts, ...end }
}

type Values = (type: number, bytes: number) => number | undefined

/** Where the value of an attribute begins that has at least so many bytes. */
export function valuesOf(wire: Wire, from: number, end: number): Values {
  return (type, bytes) => {
    const at = wire.attribute(type, from, end)
    return at !== -1 && wire.lengthOf(at) >= bytes ? at : undefined
  }
}

function rowAt(wire: Wire, at: number, value: Values): UnixRow {
  const state = wire.u8(at + AT.state)
  const inode = wire.u32(at + AT.inode)
  const listens = state === TCP_STATE.listen
  const queues = value(UNIX_ATTRIBUTE.queues, 8)
  const second = queues === undefined ? undefined : wire.u32(queues + 4)
  return {
    table: 'unix',
    pointer: undefined,
    refs: undefined,
    flags: listens ? SO_ACCEPTCON : 0,
    type: wire.u8(at + AT.type),
    state: stateOf(state === TCP_STATE.established, inode !== 0),
    inode: String(inode),
    path: nameOf(wire, value(UNIX_ATTRIBUTE.name, 1)),
    rxQueueBytes: queues === undefined ? undefined : wire.u32(queues),
    txQueueBytes: listens ? undefined : second,
    acceptQueueLimit: listens ? second : undefined,
    mayBeForged: false,
  }
}

/** As /proc says it: a socket without a file is on its way. Source: Linux net/unix/af_unix.c, unix_seq_show. */
function stateOf(connected: boolean, hasFile: boolean): number {
  if (hasFile) return connected ? UNIX_STATE.connected : UNIX_STATE.unconnected
  return connected ? UNIX_STATE.connecting : UNIX_STATE.disconnecting
}

function nameOf(wire: Wire, at: number | undefined): string | undefined {
  return at === undefined ? undefined : unixName(wire.bytes.subarray(at, at + wire.lengthOf(at)))
}

/** A path ends with NUL; an abstract name begins with one, and may hold more: `@` as in /proc. */
export function unixName(bytes: Buffer): string {
  const name = bytes.toString('latin1')
  const shown = name.startsWith('\0') ? name : name.replace(/\0$/, '')
  return shown.replaceAll('\0', '@')
}

/** The bytes of a name that stands in the place of another: NUL where that had it. */
export function bytesOfUnixName(name: string, original: Buffer): Buffer {
  const bytes = Buffer.from(name, 'latin1')
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === AT_SIGN && original[at] === 0) bytes[at] = 0
  return original[0] !== 0 && original.at(-1) === 0 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes
}

const AT_SIGN = 0x40

function factsAt(wire: Wire, at: number, value: Values): KernelFacts {
  const peer = value(UNIX_ATTRIBUTE.peer, 4)
  const waiting = value(UNIX_ATTRIBUTE.waiting, 0)
  const memory = value(UNIX_ATTRIBUTE.memory, MEMORY_BYTES)
  const shutdown = value(UNIX_ATTRIBUTE.shutdown, 1)
  return {
    cookie: wire.halves(at + AT.cookie),
    shutdown: shutdown === undefined ? undefined : wire.u8(shutdown),
    memory: memory === undefined ? undefined : memoryAt(wire, memory),
    peerInode: peer === undefined ? undefined : String(wire.u32(peer)),
    waitingInodes:
      waiting === undefined
        ? undefined
        : Array.from({ length: Math.floor(wire.lengthOf(waiting) / 4) }, (_, i) => String(wire.u32(waiting + 4 * i))),
  }
}
