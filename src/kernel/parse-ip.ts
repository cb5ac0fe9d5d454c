/** The text of an address → 4 or 16 bytes, network order; undefined where it is none. Source: inet_pton(3), RFC 4291. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): Uint8Array | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return undefined
  const bytes = text.split('.').map(Number)
  return bytes.every(byte => byte <= 255) ? Uint8Array.from(bytes) : undefined
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, i) => groupBytes(half, i === halves.length - 1)) as [
    number[] | undefined,
    number[] | undefined,
  ]
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  const missing = 16 - head.length - (tail?.length ?? 0)
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  return Uint8Array.from([...head, ...Array.from({ length: missing }, () => 0), ...(tail ?? [])])
}

/** `2001:db8` → its bytes; the last group of the whole address may be an IPv4 address. */
function groupBytes(half: string, isLast: boolean): number[] | undefined {
  if (half === '') return []
  const bytes: number[] = []
  for (const [i, group] of half.split(':').entries()) {
    const ipv4 = isLast && i === half.split(':').length - 1 ? parseIpv4(group) : undefined
    if (ipv4 !== undefined) bytes.push(...ipv4)
    else if (/^[0-9a-f]{1,4}$/i.test(group))
      bytes.push(Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255)
    else return undefined
  }
  return bytes
}
