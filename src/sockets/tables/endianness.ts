import { guessByteOrder } from './guess-endianness.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** The byte order of the tables of a source: known, or told by the addresses in them, or else assumed little. */
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
