import type { ProcSource } from '../../proc/proc-source.ts'
import { LOSSY_TABLES, mayBeTorn, readRepeatedly } from './merge-reads.ts'
import { rowIdentity } from './tcp-row.ts'

/**
 * The bytes of `folder/table`. A table that may have been torn while it was read is the union of several reads, each
 * socket once: a recording cannot be read again later.
 */
export function readWholeTable(source: ProcSource, folder: string, table: string): Buffer {
  const path = `${folder}/${table}`
  const bytes = source.readFile(path)
  if (!source.mayChange || !LOSSY_TABLES.has(table)) return bytes
  const [header = '', ...first] = linesOf(bytes)
  if (!mayBeTorn(first.length, new Set(first.map(rowIdentity)).size)) return bytes
  const rows = readRepeatedly(first, () => linesOf(source.readFile(path)).slice(1), rowIdentity)
  return Buffer.from(`${[header, ...rows].join('\n')}\n`, 'latin1')
}

function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('latin1').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
