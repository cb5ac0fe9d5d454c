import { redactAddress } from './address.ts'
import { redactPath, type Redaction } from './words.ts'
import type { StandIns } from './pseudonyms.ts'

/** Digits that may be an address; no header has so many. */
const LONG_HEX = /[0-9a-f]{8}/i

/** A text of lines with each but the first `header` ones changed; a missing last newline stays missing. */
function mapLines(text: string, header: number, change: (line: string) => string): string {
  return text
    .split('\n')
    .map((line, i) => ((i < header && !LONG_HEX.test(line)) || line === '' ? line : change(line)))
    .join('\n')
}

/** What a line becomes whose form is not known: nothing of it can be told, but that it was there. */
const UNTOLD = '[redacted]'

/** Hex digits of an address → those of its stand-in. `swapped`: 32-bit words in the byte order of a little-endian machine. */
function redactHex(digits: string, swapped: boolean, standIns: StandIns): string {
  const bytes = Buffer.from(digits, 'hex')
  const standIn = Buffer.from(redactAddress(swapped ? bytes.swap32() : bytes, standIns))
  const hex = (swapped ? standIn.swap32() : standIn).toString('hex')
  return digits === digits.toLowerCase() ? hex : hex.toUpperCase()
}

const INET_ROW =
  /^( *\d+: )([0-9A-F]{8}|[0-9A-F]{32})(:[0-9A-F]{4} )([0-9A-F]{8}|[0-9A-F]{32})(:[0-9A-F]{4} [0-9A-F:. a-f-]*)$/i

/** /proc/net/{tcp,udp,udplite,raw,icmp}{,6}; see parse/proc-net-tcp. */
export function redactInetTable(text: string, littleEndian: boolean, standIns: StandIns): string {
  return mapLines(text, 1, line => {
    const match = INET_ROW.exec(line)
    if (match === null) return UNTOLD
    const [, slot, local, port, remote, rest] = match
    return slot + redactHex(local!, littleEndian, standIns) + port + redactHex(remote!, littleEndian, standIns) + rest
  })
}

/** /proc/net/unix; a line that is no row continues the name above it. See parse/proc-net-unix. */
export function redactUnixTable(text: string, redaction: Redaction): string {
  return mapLines(text, 1, line => {
    const row =
      /^[0-9a-f]{8,16}: [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{8} [0-9A-F]{4} [0-9A-F]{2}(?: +\d+)?(?: |$)/i.exec(
        line,
      )?.[0] ?? ''
    return row + redactPath(line.slice(row.length), redaction)
  })
}

/** Changes the hex columns `columns` of every line; they hold addresses. */
function redactColumns(
  text: string,
  header: number,
  columns: readonly number[],
  swapped: boolean,
  standIns: StandIns,
): string {
  return mapLines(text, header, line => {
    let column = -1
    return line.replace(/\S+/g, word => {
      column += 1
      if (!columns.includes(column)) return word
      return /^(?:[0-9a-f]{8}|[0-9a-f]{32})$/i.test(word) ? redactHex(word, swapped, standIns) : UNTOLD
    })
  })
}

/** /proc/net/if_inet6: `fe80…01 02 40 20 80 eth0`, network order. Source: Linux net/ipv6/addrconf.c. */
export const redactInterfaceAddresses = (text: string, standIns: StandIns) =>
  redactColumns(text, 0, [0], false, standIns)

/** /proc/net/route: `eth0 000200C0 00000000 0001 …`, machine order; the mask stays. Source: Linux net/ipv4/fib_trie.c. */
export const redactRoutes = (text: string, littleEndian: boolean, standIns: StandIns) =>
  redactColumns(text, 1, [1, 2], littleEndian, standIns)

/** /proc/net/ipv6_route: destination, source and next hop, network order. Source: Linux net/ipv6/route.c. */
export const redactIpv6Routes = (text: string, standIns: StandIns) => redactColumns(text, 0, [0, 2, 4], false, standIns)
