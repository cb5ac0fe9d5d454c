import { errnoName } from '../../kernel/errno.ts'
import { endianness } from 'node:os'
import type { Libc } from '../../libc/libc.ts'
import { aligned, HEADER_BYTES, MESSAGE, NLM_F_DUMP_INTR } from './decode/wire.ts'

const AF_NETLINK = 16
const SOCK_RAW_CLOEXEC = 0o2000003
const NETLINK_SOCK_DIAG = 4

/** More than the kernel puts into one answer. */
const ANSWER_BYTES = 64 * 1024

/** Memory that is not written to costs nothing, copying what was written does. */
const GROWTH = 8

/** A table that changes while it is dumped is dumped again, so often. */
const MAX_DUMPS = 4

const EINTR = 4

const LITTLE = endianness() === 'LE'
const u16 = (bytes: Buffer, at: number) => (LITTLE ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
const u32 = (bytes: Buffer, at: number) => (LITTLE ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
const i32 = (bytes: Buffer, at: number) => (LITTLE ? bytes.readInt32LE(at) : bytes.readInt32BE(at))

/** What the kernel answered: messages, the last of which says that it is the last; or the name of an errno. */
export type Answer = Buffer | string

/** A socket for the sockets of the network namespace that this thread is in; an errno name where there is none. */
export function openDiagSocket(libc: Libc): number | string {
  const socket = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_SOCK_DIAG)
  return socket < 0 ? errnoName(libc.errno()) : socket
}

/**
 * Asks for a dump and waits for the whole of it. A family that this kernel lacks answers ENOENT. What the kernel says to
 * have changed meanwhile is asked for again; what changes every time comes as it is, marked as it was.
 *
 * Source: sock_diag(7), netlink(7). For everyone, not only for root.
 */
export function askForDump(libc: Libc, socket: number, request: Buffer, kept?: KeptRoom): Answer {
  for (let dumps = 1; ; dumps += 1) {
    if (libc.send(socket, request, request.length, 0) !== request.length) return errnoName(libc.errno())
    const answer = receive(libc, socket, kept)
    if (typeof answer === 'string') return answer
    if (!answer.interrupted || dumps === MAX_DUMPS) return answer.bytes
  }
}

/**
 * Room that a program which asks over and over keeps: pages that are there already cost nothing. An answer in it is valid
 * until the next one.
 */
export interface KeptRoom {
  room?: Buffer | undefined
}

/** Room of the dump before: hundreds of namespaces are asked one after the other, and answer in a few bytes. */
let spare: Buffer | undefined

/** Small answers are copied out of the room, which is then used again. */
function cutOut(room: Buffer, length: number): Buffer {
  if (length > ANSWER_BYTES) return room.subarray(0, length)
  spare = room
  return Buffer.from(room.subarray(0, length))
}

function receive(libc: Libc, socket: number, kept?: KeptRoom): { bytes: Buffer; interrupted: boolean } | string {
  let room = kept?.room ?? spare ?? Buffer.allocUnsafe(GROWTH * ANSWER_BYTES)
  spare = undefined
  let length = 0
  let interrupted = false
  for (;;) {
    if (room.length - length < ANSWER_BYTES) {
      const larger = Buffer.allocUnsafe(GROWTH * room.length)
      room.copy(larger, 0, 0, length)
      room = larger
    }
    const answer = room.subarray(length, length + ANSWER_BYTES)
    const bytes = libc.recv(socket, answer, ANSWER_BYTES, 0)
    if (bytes < 0 && libc.errno() === EINTR) continue
    if (bytes < HEADER_BYTES) return bytes < 0 ? errnoName(libc.errno()) : 'EIO'
    for (let at = 0; at + HEADER_BYTES <= bytes;) {
      const size = u32(answer, at)
      const type = u16(answer, at + 4)
      if (size < HEADER_BYTES || at + size > bytes) return 'EIO'
      if ((u16(answer, at + 6) & NLM_F_DUMP_INTR) !== 0) interrupted = true
      // Both end with an int: 0, or an errno below it.
      const errno = type === MESSAGE.done || type === MESSAGE.error ? -i32(answer, at + HEADER_BYTES) : 0
      if (errno > 0) return errnoName(errno)
      if (type === MESSAGE.error) return 'EIO'
      if (type === MESSAGE.done) {
        if (kept === undefined) return { bytes: cutOut(room, length + at + size), interrupted }
        kept.room = room
        return { bytes: room.subarray(0, length + at + size), interrupted }
      }
      at += aligned(size)
    }
    length += bytes
  }
}
