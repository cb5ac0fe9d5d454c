import { endianness } from 'node:os'
import type { TcpTable } from '../tables/inet-row.ts'
import { parseSockstat } from '../../proc/sockstat.ts'
import type { TcpMessages } from './inet-diag.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** TCP sockets from which on asking the kernel for them pays for loading what it takes, some 10 ms. */
const MANY_SOCKETS = 8_000

/** The source, which can be asked for its TCP sockets where it has very many. */
export async function withTcpDump(source: ProcSource): Promise<ProcSource> {
  if (source.kind !== 'live' || tcpSockets(source) < MANY_SOCKETS) return source
  const { openTcpDump } = await import('./tcp-dump.ts')
  const dumpTcp = await openTcpDump()
  return dumpTcp === undefined ? source : Object.assign(source, { dumpTcp })
}

/** What the kernel answers for a table; undefined where it is not to be asked. */
export function dumpTcpTable(source: ProcSource, table: TcpTable): TcpMessages | undefined {
  const bytes = source.dumpTcp?.(table)
  return bytes && { table, bytes, littleEndian: endianness() === 'LE', userHz: source.meta.userHz ?? 100 }
}

function tcpSockets(source: ProcSource): number {
  const gauges = (file: string) => {
    try {
      return parseSockstat(source.readFile(`net/${file}`))
    } catch {
      return undefined
    }
  }
  const tcp = gauges('sockstat')?.get('TCP')
  return (tcp?.get('inuse') ?? 0) + (tcp?.get('tw') ?? 0) + (gauges('sockstat6')?.get('TCP6')?.get('inuse') ?? 0)
}
