/** The 32 bits of an IPv4 address, to be compared with a mask by `&`. */
export function addressNumber(address: string): number {
  return address.split('.').reduce((sum, part) => (sum << 8) | Number(part), 0)
}
