/** Hex words as /proc/net prints them (tcp, route, igmp) → address bytes in network order. */
export function addressBytes(digits: string, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.from(digits, 'hex')
  return littleEndian ? bytes.swap32() : bytes
}

/** Address bytes in network order → hex words as a machine of this byte order prints them. */
export function addressDigits(address: Uint8Array, littleEndian: boolean): string {
  const bytes = Buffer.from(address)
  return (littleEndian ? bytes.swap32() : bytes).toString('hex').toUpperCase()
}
