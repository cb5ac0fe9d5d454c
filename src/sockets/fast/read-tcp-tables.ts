import { guessByteOrder } from '../tables/guess-endianness.ts'
import type { TcpTable } from '../tables/inet-row.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import { readDump } from '../diag/read-dump.ts'
import { optional } from '../../errors.ts'
import { parseTcpDumps } from './time-wait-messages.ts'
import { isTcp6Empty, sockstatGauge } from '../../proc/net/sockstat.ts'
import { parseTcpTables, type TcpTables, type TcpText } from './tcp-tables.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

export interface TcpReading extends TcpTables {
  /** TIME_WAIT sockets by the kernel's own count, before and after the tables were read. */
  sockstatBefore: number | undefined
  sockstat: number | undefined
  /** Tables that end in the middle of a line. */
  cut: TcpTable[]
  /** The byte order was neither recorded nor visible in the addresses: little-endian was assumed. */
  isByteOrderAssumed: boolean
}

const TABLES = ['tcp', 'tcp6'] as const

/** TCP sockets of both families between two reads of the gauge; `read` gives undefined where there is no such file. */
export function readTcpTables(source: ProcSource, read: (path: string) => Buffer | undefined): TcpReading {
  const gauge = () => sockstatGauge(read('net/sockstat'), 'TCP', 'tw')
  const textOf = (table: TcpTable): TcpText => ({ table, bytes: read(`net/${table}`) ?? Buffer.alloc(0) })
  const dumpOf = (table: TcpTable) => source.dumpSockets && optional(() => readDump(source, table))
  const partOf = (table: TcpTable) => dumpOf(table) ?? textOf(table)

  const before = source.mayChange ? gauge() : undefined
  let parts = [partOf('tcp')]
  const sockstat = gauge()
  const tcpOnly =
    source.mayChange && before === sockstat && isTcp6Empty(file => read(`net/${file}`))
      ? parse(parts, source.meta.endian !== 'big')
      : undefined
  const whole = tcpOnly !== undefined && tcpOnly.timeWait.length === sockstat ? tcpOnly : undefined
  if (whole === undefined) parts.push(partOf('tcp6'))
  if (!areDumps(parts) && !parts.every(isText)) parts = TABLES.map(textOf)
  const texts = parts.filter(isText)
  const endian = source.meta.endian ?? guessByteOrder(texts.map(({ bytes }) => bytes))
  return {
    ...(whole ?? parse(parts, endian !== 'big')),
    sockstatBefore: before ?? sockstat,
    sockstat,
    cut: texts.filter(isCut).map(({ table }) => table),
    isByteOrderAssumed: endian === undefined,
  }
}

type Part = TcpText | SocketDump

const isText = (part: Part): part is TcpText => !('wire' in part)
const areDumps = (parts: Part[]): parts is SocketDump[] => !parts.some(isText)

function parse(parts: Part[], littleEndian: boolean): TcpTables {
  return areDumps(parts) ? parseTcpDumps(parts) : parseTcpTables(parts.filter(isText), littleEndian)
}

/** The kernel ends every line with a newline: a table without one at its end was cut short. */
function isCut({ bytes }: TcpText): boolean {
  return bytes.length > 0 && bytes.at(-1) !== 0x0a
}
