const LITTLE = /(?<![0-9A-F])(?:0100007F|0{16}FFFF0000[0-9A-F]{8}|0{24}01000000):/i
const BIG = /(?<![0-9A-F])(?:7F000001|0{16}0000FFFF[0-9A-F]{8}|0{24}00000001):/i

/**
 * The byte order of the machine that printed these tables, told by loopback and IPv4-mapped addresses, which read
 * differently in each. Undefined where neither occurs, or both.
 */
export function guessByteOrder(tables: readonly Buffer[]): 'little' | 'big' | undefined {
  const text = tables.map(table => table.toString('latin1')).join('\n')
  const little = LITTLE.test(text)
  return little === BIG.test(text) ? undefined : little ? 'little' : 'big'
}
