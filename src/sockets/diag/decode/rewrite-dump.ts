import type { DumpFamily } from '../../../proc/proc-source.ts'
import { FAMILIES, type FamilyKind } from '../families.ts'
import { INET_ATTRIBUTE } from './inet-facts.ts'
import { INET_AT, INET_MESSAGE_BYTES } from './inet-reader.ts'
import { bytesOfUnixName, UNIX_ATTRIBUTE, unixName } from './unix-sockets.ts'
import { aligned, HEADER_BYTES, MESSAGE, Wire } from './wire.ts'

export interface DumpRewriting {
  /** Four or sixteen bytes in network order. */
  address(bytes: Uint8Array): Uint8Array
  /** The name of a unix socket as /proc shows it. */
  name(name: string): string
}

/** Bytes before the attributes, and the attributes whose meaning is known to tell nothing of a site, by kind. */
const FORMS: Readonly<Record<FamilyKind['kind'], { bytes: number; keep: ReadonlySet<number> }>> = {
  inet: { bytes: INET_MESSAGE_BYTES, keep: new Set(Object.values(INET_ATTRIBUTE)) },
  unix: { bytes: 32, keep: new Set(Object.values(UNIX_ATTRIBUTE)) },
  // Interface, user, memory.
  packet: { bytes: 32, keep: new Set([0, 5, 6]) },
  // Memory, groups.
  netlink: { bytes: 44, keep: new Set([0, 1]) },
}

const AF_INET = 2
const ADDRESS_ROOM = 16

/**
 * A dump with every address and name rewritten and every attribute left out that is not known; a message that is not
 * whole is left out, too, and with it the end of the dump.
 */
export function rewriteDump(family: DumpFamily, wire: Wire, rewriting: DumpRewriting): Buffer {
  const { kind } = FAMILIES[family]
  const { bytes: structBytes, keep } = FORMS[kind]
  const parts: Buffer[] = []
  for (let at = 0; at + HEADER_BYTES <= wire.bytes.length;) {
    const size = wire.u32(at)
    if (size < HEADER_BYTES || at + size > wire.bytes.length) break
    const type = wire.u16(at + 4)
    if (type === MESSAGE.done) parts.push(Buffer.from(wire.bytes.subarray(at, at + size)))
    if (type === MESSAGE.sockets && size >= structBytes) parts.push(message(at, at + size))
    at += aligned(size)
  }
  return Buffer.concat(parts)

  function message(at: number, end: number): Buffer {
    const head = Buffer.from(wire.bytes.subarray(at, at + structBytes))
    if (kind === 'inet') {
      rewriteAddress(head, INET_AT.local)
      rewriteAddress(head, INET_AT.remote)
    }
    const attributes = [...attributesOf(at + structBytes, end)]
    const bytes = Buffer.concat([head, ...attributes])
    putU32(bytes, bytes.length)
    return bytes
  }

  function rewriteAddress(head: Buffer, at: number): void {
    const length = head[HEADER_BYTES] === AF_INET ? 4 : ADDRESS_ROOM
    const address = rewriting.address(Uint8Array.from(head.subarray(at, at + length)))
    head.fill(0, at, at + ADDRESS_ROOM)
    head.set(address, at)
  }

  function* attributesOf(from: number, end: number): Generator<Buffer> {
    for (let at = from; at + 4 <= end;) {
      const length = wire.u16(at)
      if (length < 4 || at + length > end) return
      const type = wire.u16(at + 2) & 0x3fff
      const value = wire.bytes.subarray(at + 4, at + length)
      if (keep.has(type)) yield attribute(type, kind === 'unix' && type === UNIX_ATTRIBUTE.name ? named(value) : value)
      at += aligned(length)
    }
  }

  function named(value: Buffer): Buffer {
    return bytesOfUnixName(rewriting.name(unixName(value)), value)
  }

  function attribute(type: number, value: Buffer): Buffer {
    const bytes = Buffer.alloc(aligned(4 + value.length))
    putU16(bytes, 4 + value.length, 0)
    putU16(bytes, type, 2)
    value.copy(bytes, 4)
    return bytes
  }

  function putU16(bytes: Buffer, value: number, at: number): void {
    if (wire.littleEndian) bytes.writeUInt16LE(value, at)
    else bytes.writeUInt16BE(value, at)
  }

  function putU32(bytes: Buffer, value: number): void {
    if (wire.littleEndian) bytes.writeUInt32LE(value)
    else bytes.writeUInt32BE(value)
  }
}
