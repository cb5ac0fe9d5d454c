import { addressBytes, addressDigits, rewriteAddresses } from '../../sockets/index.ts'
import { redactAddress } from '../../redact/address.ts'
import { UNKNOWN_FORM } from '../../redact/texts.ts'
import { redactPath, type Redaction } from '../../redact/words.ts'
import type { Pseudonyms } from '../../redact/pseudonyms.ts'

/** Digits that may be an address; no header has so many. */
const LONG_HEX = /[0-9a-f]{8}/i

/** A text of lines with each but the first `header` ones changed; a missing last newline stays missing. */
export function mapLines(text: string, header: number, change: (line: string) => string): string {
  return text
    .split('\n')
    .map((line, i) => ((i < header && !LONG_HEX.test(line)) || line === '' ? line : change(line)))
    .join('\n')
}

/** Hex digits of an address → those of its pseudonym. `littleEndian`: of the machine that printed them as 32-bit words. */
export function redactHex(digits: string, littleEndian: boolean, pseudonyms: Pseudonyms): string {
  const pseudonym = redactAddress(addressBytes(digits, littleEndian), pseudonyms)
  const hex = addressDigits(pseudonym, littleEndian)
  return digits === digits.toLowerCase() ? hex.toLowerCase() : hex
}

/** /proc/net/{tcp,udp,udplite,raw,icmp}{,6}. */
export function redactInetTable(text: string, littleEndian: boolean, pseudonyms: Pseudonyms): string {
  const redact = (digits: string) => redactHex(digits, littleEndian, pseudonyms)
  return mapLines(text, 1, line => rewriteAddresses(line, redact) ?? UNKNOWN_FORM)
}

/** /proc/net/unix; a line that is no row continues the name above it. */
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
export function redactColumns(
  text: string,
  header: number,
  columns: readonly number[],
  littleEndian: boolean,
  pseudonyms: Pseudonyms,
): string {
  return mapLines(text, header, line => {
    let column = -1
    return line.replace(/\S+/g, word => {
      column += 1
      if (!columns.includes(column)) return word
      return /^(?:[0-9a-f]{8}|[0-9a-f]{32})$/i.test(word) ? redactHex(word, littleEndian, pseudonyms) : UNKNOWN_FORM
    })
  })
}

/** /proc/net/if_inet6: `fe80…01 02 40 20 80 eth0`, network order. Source: Linux net/ipv6/addrconf.c. */
export const redactInterfaceAddresses = (text: string, pseudonyms: Pseudonyms) =>
  redactColumns(text, 0, [0], false, pseudonyms)

/** /proc/net/route: `eth0 000200C0 00000000 0001 …`, machine order; the mask stays. Source: Linux net/ipv4/fib_trie.c. */
export const redactRoutes = (text: string, littleEndian: boolean, pseudonyms: Pseudonyms) =>
  redactColumns(text, 1, [1, 2], littleEndian, pseudonyms)

/** /proc/net/ipv6_route: destination, source and next hop, network order. Source: Linux net/ipv6/route.c. */
export const redactIpv6Routes = (text: string, pseudonyms: Pseudonyms) =>
  redactColumns(text, 0, [0, 2, 4], false, pseudonyms)
