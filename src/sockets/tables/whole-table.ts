import { parseProtocols } from './protocols.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** Tables a changing hash makes lossy, and their names in protocols: the kernel re-counts udp from the start. */
const LOSSY: Readonly<Record<string, string>> = {
  udp: 'UDP',
  udp6: 'UDPv6',
  udplite: 'UDP-Lite',
  udplite6: 'UDPLITEv6',
}

/** A torn table is read until two reads in a row bring nothing new, at most so often. */
const MAX_READS = 12

/**
 * The bytes of `folder/table`. A udp table that was torn while it was read is the union of several reads, each socket
 * once: a recording cannot be read again later.
 */
export function readWholeTable(source: ProcSource, folder: string, table: string): Buffer {
  const path = `${folder}/${table}`
  const first = source.readFile(path)
  const protocol = LOSSY[table]
  if (protocol === undefined || source.kind !== 'live') return first
  const [header = '', ...rows] = linesOf(first)
  const union = new Map(rows.map(row => [identityOf(row), row]))
  const isTorn = union.size < rows.length || union.size < socketsOf(source, folder, protocol)
  if (!isTorn) return first
  for (let reads = 1, quiet = 0; reads < MAX_READS && quiet < 2; reads += 1) {
    const before = union.size
    for (const row of linesOf(source.readFile(path)).slice(1)) union.set(identityOf(row), row)
    quiet = union.size === before ? quiet + 1 : 0
  }
  return Buffer.from(`${[header, ...union.values()].join('\n')}\n`, 'latin1')
}

function socketsOf(source: ProcSource, folder: string, protocol: string): number {
  try {
    return parseProtocols(source.readFile(`${folder}/protocols`)).get(protocol) ?? 0
  } catch {
    return 0
  }
}

function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('latin1').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Addresses, inode and pointer: what stays while queues and timers change. */
function identityOf(row: string): string {
  const columns = row.trim().split(/ +/)
  return [columns[1], columns[2], columns[9], columns[11]].join(' ')
}
