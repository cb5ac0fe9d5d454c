import { endianness } from 'node:os'
import type { Libc } from '../libc/libc.ts'
import { enterNamespace } from './enter.ts'
import type { NetworkNamespace } from './model.ts'

const AF_UNIX = 1
const SOCK_DGRAM_CLOEXEC = 0o2000002
const SOL_SOCKET = 1
/** Source: Linux include/uapi/asm-generic/socket.h; since 5.14. */
const SO_NETNS_COOKIE = 71
const COOKIE_BYTES = 8

/** Asks the kernel for the cookie of each namespace; the first refusal is taken for all but the reader's own. */
export function addCookies(libc: Libc, namespaces: readonly NetworkNamespace[]): void {
  let refused = false
  for (const namespace of namespaces) {
    if (namespace.isOwn) namespace.identity.cookie = cookieHere(libc)
    else if (!refused)
      try {
        namespace.identity.cookie = enterNamespace(libc, namespace, () => cookieHere(libc))
      } catch (error) {
        refused = (error as { code?: string }).code === 'EPERM'
      }
  }
}

/** Of the namespace that this thread is in; undefined where the kernel has none. */
function cookieHere(libc: Libc): string | undefined {
  const socket = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0)
  if (socket < 0) return undefined
  try {
    const value = Buffer.alloc(COOKIE_BYTES)
    const length = Buffer.alloc(4)
    if (LITTLE) length.writeInt32LE(COOKIE_BYTES)
    else length.writeInt32BE(COOKIE_BYTES)
    if (libc.getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, value, length) !== 0) return undefined
    return String(LITTLE ? value.readBigUInt64LE() : value.readBigUInt64BE())
  } finally {
    libc.close(socket)
  }
}

const LITTLE = endianness() === 'LE'
