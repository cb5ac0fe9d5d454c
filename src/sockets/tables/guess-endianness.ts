import type { ProcSource } from '../../proc/proc-source.ts'
import { addressPattern } from './tcp-row.ts'

// Loopback, IPv4-mapped and IPv6 loopback addresses as machines of either byte order print them.
const LITTLE = addressPattern('0100007F', '0{16}FFFF0000[0-9A-F]{8}', '0{24}01000000')
const BIG = addressPattern('7F000001', '0{16}0000FFFF[0-9A-F]{8}', '0{24}00000001')

/**
 * The byte order of the machine that printed these tables, from addresses that read differently in each. Undefined
 * where none occurs, or some of both.
 */
export function guessByteOrder(tables: readonly Buffer[]): 'little' | 'big' | undefined {
  const text = tables.map(table => table.toString('latin1')).join('\n')
  const little = LITTLE.test(text)
  return little === BIG.test(text) ? undefined : little ? 'little' : 'big'
}

/** The byte order of the tables of a source: recorded, or guessed from their addresses, or else assumed little. */
export function byteOrderOf(source: ProcSource): { littleEndian: boolean; byteOrderAssumed: boolean } {
  if (source.meta.endian !== undefined)
    return { littleEndian: source.meta.endian === 'little', byteOrderAssumed: false }
  const tables = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap(table => {
    try {
      return [source.readFile(`net/${table}`)]
    } catch {
      return []
    }
  })
  const guess = guessByteOrder(tables)
  return { littleEndian: guess !== 'big', byteOrderAssumed: guess === undefined }
}
