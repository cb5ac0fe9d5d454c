import { formatIp } from '../kernel/ip-address.ts'
import type { PseudonymForm, Pseudonyms } from './pseudonyms.ts'

/** Where pseudonyms of an IPv4 class come from: first address and how many, one range after the other. */
type Ranges = readonly (readonly [first: number, count: number])[]

const block = (a: number, b: number, c: number, bits: number) =>
  [((a << 24) | (b << 16) | (c << 8)) >>> 0, 2 ** bits] as const

/** Reserved for future use, so unused: for when a class has run out of addresses. Source: RFC 1112. */
const RESERVED = block(240, 0, 0, 28)

/** Blocks set aside for documentation and benchmarks, and the class's own. Source: RFC 5737, 2544, 1918, 6598, 3927, 6676. */
const IPV4_RANGES: Readonly<Record<string, Ranges>> = {
  public: [block(192, 0, 2, 8), block(198, 51, 100, 8), block(203, 0, 113, 8), block(198, 18, 0, 17), RESERVED],
  private: [block(10, 0, 0, 24), RESERVED],
  shared: [block(100, 64, 0, 22), RESERVED],
  linkLocal: [block(169, 254, 0, 16), RESERVED],
  multicast: [block(233, 252, 0, 16), block(239, 0, 0, 24), RESERVED],
}

/** Undefined for what says nothing of a site: unspecified, loopback, broadcast, well-known groups. */
function ipv4Class(a: number, b: number, c: number, d: number): string | undefined {
  if (a === 127 || (a === 224 && b === 0 && c === 0) || (a | b | c | d) === 0 || (a & b & c & d) === 255)
    return undefined
  if (a === 10 || (a === 172 && b >> 4 === 1) || (a === 192 && b === 168)) return 'private'
  if (a === 100 && b >> 6 === 1) return 'shared'
  if (a === 169 && b === 254) return 'linkLocal'
  return a >> 4 === 14 ? 'multicast' : 'public'
}

/** Values are addresses as text. */
const IPV4: PseudonymForm = {
  shape: original => classOfText(original),
  candidate(original, n) {
    // Addresses that end in 0 or 255 look like a network or a broadcast: 254 of 256 are used.
    let at = Math.floor((n - 1) / 254) * 256 + ((n - 1) % 254) + 1
    for (const [first, count] of IPV4_RANGES[classOfText(original)] ?? [RESERVED]) {
      if (at < count) return formatIp(word(first + at))
      at -= count
    }
    throw new RangeError('more addresses than IPv4 has')
  },
}

function classOfText(text: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  return ipv4Class(a, b, c, d) ?? 'public'
}

/** Values are 32 hex digits. */
const IPV6: PseudonymForm = {
  shape: pseudonymPrefix,
  candidate: (original, n) => pseudonymPrefix(original) + n.toString(16).padStart(24, '0'),
}

/** The pseudonym of an address (4 or 16 bytes, network order); what says nothing of a site stays as it is. */
export function redactAddress(bytes: Uint8Array, pseudonyms: Pseudonyms): Uint8Array {
  return bytes.length === 4 ? redactIpv4(bytes, pseudonyms) : redactIpv6(bytes, pseudonyms)
}

function redactIpv4(bytes: Uint8Array, pseudonyms: Pseudonyms): Uint8Array {
  const [a = 0, b = 0, c = 0, d = 0] = bytes
  if (ipv4Class(a, b, c, d) === undefined) return bytes
  return Uint8Array.from(pseudonyms.of(IPV4, formatIp(bytes)).split('.'), Number)
}

function redactIpv6(bytes: Uint8Array, pseudonyms: Pseudonyms): Uint8Array {
  const hex = Buffer.from(bytes).toString('hex')
  if (/^0{31}[01]$/.test(hex)) return bytes
  // IPv4-mapped, NAT64 (RFC 6052) and the old IPv4-compatible form hold an IPv4 address.
  if (/^(?:0{20}ffff|0064ff9b0{16}|0{24})/.test(hex))
    return Uint8Array.from([...bytes.slice(0, 12), ...redactIpv4(bytes.slice(12), pseudonyms)])
  // Prefixes and well-known groups: fe80::, ff00::, ff02::1.
  if (/^(?:fe80|f[cd]00)0{28}$|^ff..0{26}..$/.test(hex)) return bytes
  return Buffer.from(pseudonyms.of(IPV6, hex), 'hex')
}

/** Eight digits that show the kind of an address. Source: RFC 3849 (documentation), RFC 4291 (link-local, multicast), RFC 4193 (private). */
function pseudonymPrefix(hex: string): string {
  const first = Number.parseInt(hex.slice(0, 4), 16)
  // Apart from the well-known groups, which stay: ff02::1.
  if (first >> 8 === 0xff) return `${hex.slice(0, 4)}0db8`
  if (first >> 6 === 0xfe80 >> 6) return 'fe800000'
  return first >> 9 === 0xfc00 >> 9 ? 'fd000000' : '20010db8'
}

function word(value: number): Uint8Array {
  return Uint8Array.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])
}
