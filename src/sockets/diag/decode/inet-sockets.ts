import type { KernelFacts } from '../../kernel-facts.ts'
import type { InetRow, InetTable } from '../../tables/inet-row.ts'
import { InetFacts } from './inet-facts.ts'
import { InetReader } from './inet-reader.ts'
import type { SocketDump } from './socket-dump.ts'
import type { DumpEnd } from './wire.ts'

/** Rows of a dump with their facts: the same place in both lists. */
export interface DumpedSockets<Row> extends DumpEnd {
  rows: Row[]
  facts: KernelFacts[]
}

/** tcp, udp, udplite and mptcp of either family. */
export function inetSockets({ family, wire, userHz }: SocketDump): DumpedSockets<InetRow> {
  const reader = new InetReader(wire, family as InetTable, userHz)
  const rows: InetRow[] = []
  const facts: KernelFacts[] = []
  const isTcp = family === 'tcp' || family === 'tcp6'
  const end = reader.forEach((at, messageEnd) => {
    rows.push(reader.row(at))
    facts.push(new InetFacts(wire, at, messageEnd, isTcp))
  })
  return { rows, facts, ...end }
}
