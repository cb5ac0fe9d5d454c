import type { KernelFacts } from '../../kernel-facts.ts'
import type { InetRow, InetTable } from '../../tables/inet-row.ts'
import { InetFacts } from './inet-facts.ts'
import { INET_MESSAGE_BYTES, InetReader } from './inet-reader.ts'
import { MESSAGE, type Wire } from './wire.ts'

const FAMILY_AT = 16
const INET_DIAG_PROTOCOL = 10

/** Family and protocol → table. Source: Linux include/uapi/linux/in.h; groups of sock_diag exist for these alone. */
const TABLES: Readonly<Record<string, InetTable>> = { '2 6': 'tcp', '10 6': 'tcp6', '2 17': 'udp', '10 17': 'udp6' }

/** A message that tells of a socket's end; undefined where it does not. */
export function closedSocket(wire: Wire): { row: InetRow; kernel: KernelFacts } | undefined {
  const { length } = wire.bytes
  if (length < INET_MESSAGE_BYTES || wire.u16(4) !== MESSAGE.sockets) return undefined
  const end = Math.min(length, wire.u32(0))
  const protocol = wire.attribute(INET_DIAG_PROTOCOL, INET_MESSAGE_BYTES, end)
  if (protocol === -1 || protocol >= length) return undefined
  const table = TABLES[`${wire.u8(FAMILY_AT)} ${wire.u8(protocol)}`]
  if (table === undefined) return undefined
  return {
    row: new InetReader(wire, table, USER_HZ).row(0),
    kernel: new InetFacts(wire, 0, end, table.startsWith('tcp')),
  }
}

/** A socket that has ended has no timer. */
const USER_HZ = 100
