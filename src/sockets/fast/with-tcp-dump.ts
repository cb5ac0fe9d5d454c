import { endianness } from 'node:os'
import type { TcpTable } from '../tables/inet-row.ts'
import { sockstatGauge } from '../../proc/net/sockstat.ts'
import type { TcpMessages } from './inet-diag.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** TCP sockets from which on asking the kernel for them pays for loading what it takes, some 10 ms. */
const MANY_SOCKETS = 8_000

/**
 * The source with `dumpTcp` where the kernel can be asked for its TCP sockets and it pays. With `always` it is asked
 * whatever their number: while connections come and go by the thousand, net/tcp takes seconds and shows a part of them.
 */
export async function withTcpDump(source: ProcSource, { always = false } = {}): Promise<ProcSource> {
  if (!source.isThisMachine || (!always && tcpSockets(source) < MANY_SOCKETS)) return source
  const { openTcpDump } = await import('./tcp-dump.ts')
  const dumpTcp = await openTcpDump()
  return dumpTcp === undefined ? source : { ...source, dumpTcp }
}

/** What the kernel answers for a table; undefined where it cannot be asked. */
export function dumpTcpTable(source: ProcSource, table: TcpTable): TcpMessages | undefined {
  const bytes = source.dumpTcp?.(table)
  return bytes && { table, bytes, littleEndian: endianness() === 'LE', userHz: source.meta.userHz ?? 100 }
}

function tcpSockets(source: ProcSource): number {
  const read = (file: string) => {
    try {
      return source.readFile(`net/${file}`)
    } catch {
      return undefined
    }
  }
  const sockstat = read('sockstat')
  return (
    (sockstatGauge(sockstat, 'TCP', 'inuse') ?? 0) +
    (sockstatGauge(sockstat, 'TCP', 'tw') ?? 0) +
    (sockstatGauge(read('sockstat6'), 'TCP6', 'inuse') ?? 0)
  )
}
