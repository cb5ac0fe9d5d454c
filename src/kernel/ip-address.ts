/** 4 or 16 bytes, network order → the text glibc's inet_ntop prints. Source: RFC 4291, RFC 5952, inet_ntop(3). */
export function formatIp(bytes: Uint8Array): string {
  return bytes.length === 4 ? formatIpv4(bytes, 0) : formatIpv6(bytes)
}

function formatIpv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!)
  const { start, length } = longestZeroRun(groups)
  const embedsIpv4 =
    start === 0 && (length === 6 || (length === 7 && groups[7] !== 1) || (length === 5 && groups[5] === 0xffff))
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map(group => group.toString(16))
      .join(':')
  if (length < 2) return hex(0, 8)
  if (embedsIpv4) return `::${length === 5 ? 'ffff:' : ''}${formatIpv4(bytes, 12)}`
  return `${hex(0, start)}::${hex(start + length, 8)}`
}

function longestZeroRun(groups: number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 }
  for (let start = 0; start < groups.length;) {
    let length = 0
    while (groups[start + length] === 0) length += 1
    if (length > best.length) best = { start, length }
    start += length + 1
  }
  return best
}

const MAPPED = '::ffff:'

/** `::ffff:192.0.2.1` → `192.0.2.1`; any other address as it is. */
export function unmapIp(address: string): string {
  return isMappedIp(address) ? address.slice(MAPPED.length) : address
}

/** An IPv4 address inside an IPv6 socket: `::ffff:192.0.2.1`. */
export function isMappedIp(address: string): boolean {
  return address.startsWith(MAPPED) && address.includes('.')
}

/** `0.0.0.0` and `::`: any local address, or no remote one. */
export function isUnspecifiedIp(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** An address that never leaves its host; `address` is not IPv4-mapped. */
export function isLoopbackIp(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`. */
export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
