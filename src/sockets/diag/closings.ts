import { endianness } from 'node:os'
import { MachineError } from '../../errors.ts'
import { errnoName } from '../../kernel/errno.ts'
import type { Libc } from '../../libc/libc.ts'
import { inNetworkNamespace } from '../../libc/network-namespace.ts'
import type { KernelFacts } from '../kernel-facts.ts'
import type { InetRow } from '../tables/inet-row.ts'
import { closedSocket } from './decode/closed-socket.ts'
import { Wire } from './decode/wire.ts'
import { openDiagSocket } from './receive.ts'

/** A socket that has ended: its ends, its cookie, and of TCP all that tcp_info counted. */
export interface Closing {
  /** State CLOSE; there is no inode and no user any more. */
  row: InetRow
  kernel: KernelFacts
}

/** The endings of sockets of one network namespace. */
export interface Closings {
  /** Those since the last call, in their order; never waits. */
  read(): Closing[]
  /** How many came faster than they were read, so far: they are missing. */
  lost(): number
  close(): void
}

const AF_NETLINK = 16
const SOL_SOCKET = 1
const SO_RCVBUF = 8
const SO_RCVBUFFORCE = 33
const SO_MEMINFO = 55
const MSG_DONTWAIT = 0x40

/** TCP and UDP, IPv4 and IPv6. Source: Linux include/uapi/linux/sock_diag.h, SKNLGRP_*. */
const GROUPS = 0b1111

/** Room for some 6 000 closings between two readings; without root the kernel gives as much as net.core.rmem_max says. */
const BUFFER_BYTES = 8 * 1024 * 1024

/** More than one message takes. */
const MESSAGE_BYTES = 4096

/** struct sockaddr_nl; eight words and the drops. */
const ADDRESS_BYTES = 12
const MEMINFO_BYTES = 36
const DROPS_AT = 32

const LITTLE = endianness() === 'LE'
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  if (LITTLE) bytes.writeUInt32LE(value)
  else bytes.writeUInt32BE(value)
  return bytes
}

/**
 * Listens to the kernel telling of sockets that end: every full TCP and UDP socket (one that dies in TIME_WAIT ended
 * before), with the cookie that an earlier listing knew it by. For everyone, not only for root. `folder` is that of the
 * tables of a namespace: `net`, `1234/net`. Throws a MachineError where the kernel refuses.
 *
 * Source: Linux net/core/sock_diag.c, sock_diag_broadcast_destroy.
 */
export function openClosings(libc: Libc, { folder = 'net', bufferBytes = BUFFER_BYTES } = {}): Closings {
  const open = () => openDiagSocket(libc)
  const socket = folder === 'net' ? open() : inNetworkNamespace(libc, `/proc/${folder.replace(/net$/, 'ns/net')}`, open)
  if (typeof socket === 'string') throw refused(socket)
  const size = u32(bufferBytes)
  if (libc.setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, size, 4) !== 0)
    libc.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, size, 4)
  if (libc.bind(socket, groupsAddress(), ADDRESS_BYTES) !== 0) {
    const errno = libc.errno()
    libc.close(socket)
    throw refused(errnoName(errno))
  }
  let isOpen = true
  let lost = 0
  return {
    read: () => (isOpen ? readAll(libc, socket) : []),
    lost() {
      if (isOpen) lost = dropsOf(libc, socket) ?? lost
      return lost
    },
    close() {
      if (!isOpen) return
      lost = dropsOf(libc, socket) ?? lost
      isOpen = false
      libc.close(socket)
    },
  }
}

/** Often enough that the room for messages holds what thousands of closings a second leave in it. */
const READING_MS = 100

/**
 * Hands every closing to `visit`, soon after it happened, until the signal comes: then what is left, and the end. Does
 * not keep the process alive.
 */
export function followClosings(closings: Closings, visit: (closing: Closing) => void, signal: AbortSignal): void {
  const read = () => {
    for (const closing of closings.read()) visit(closing)
  }
  if (signal.aborted) {
    read()
    closings.close()
    return
  }
  const timer = setInterval(read, READING_MS).unref()
  signal.addEventListener(
    'abort',
    () => {
      clearInterval(timer)
      read()
      closings.close()
    },
    { once: true },
  )
}

function refused(errno: string): MachineError {
  return new MachineError('no-kernel-support', `the kernel does not tell of sockets that end: ${errno}`)
}

/** struct sockaddr_nl: family, padding, port id (the kernel chooses), groups. */
function groupsAddress(): Buffer {
  const address = Buffer.alloc(ADDRESS_BYTES)
  if (LITTLE) address.writeUInt16LE(AF_NETLINK)
  else address.writeUInt16BE(AF_NETLINK)
  u32(GROUPS).copy(address, 8)
  return address
}

/** One recv() gives one message. What was lost, and said by an error of ENOBUFS, is counted by {@link dropsOf}. */
function readAll(libc: Libc, socket: number): Closing[] {
  const closings: Closing[] = []
  const room = Buffer.allocUnsafe(MESSAGE_BYTES)
  for (;;) {
    const bytes = libc.recv(socket, room, room.length, MSG_DONTWAIT)
    if (bytes < 0 && goesOn(libc.errno())) continue
    if (bytes <= 0) return closings
    // A copy: facts are read from it whenever they are asked for.
    const closing = closedSocket(new Wire(Buffer.from(room.subarray(0, bytes)), LITTLE))
    if (closing !== undefined) closings.push(closing)
  }
}

const EINTR = 4
const ENOBUFS = 105
const goesOn = (errno: number) => errno === EINTR || errno === ENOBUFS

/** Messages for which there was no room, by the kernel's own count. */
function dropsOf(libc: Libc, socket: number): number | undefined {
  const value = Buffer.alloc(MEMINFO_BYTES)
  if (libc.getsockopt(socket, SOL_SOCKET, SO_MEMINFO, value, u32(MEMINFO_BYTES)) !== 0) return undefined
  return LITTLE ? value.readUInt32LE(DROPS_AT) : value.readUInt32BE(DROPS_AT)
}
