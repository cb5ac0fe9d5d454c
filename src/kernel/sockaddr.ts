import { formatIp } from './ip-address.ts'

const AF_INET = 2
const AF_INET6 = 10

/** Bytes of a sockaddr_in or sockaddr_in6 (family in host order) → address and port; nothing for another family. */
export function sockaddrText(bytes: readonly number[]): [address: string | undefined, port: number | undefined] {
  const family = bytes[0]! || bytes[1]!
  const port = ((bytes[2]! & 0xff) << 8) | (bytes[3]! & 0xff)
  if (family === AF_INET) return [formatIp(Uint8Array.from(bytes.slice(4, 8))), port]
  if (family === AF_INET6) return [formatIp(Uint8Array.from(bytes.slice(8, 24))), port]
  return [undefined, undefined]
}
