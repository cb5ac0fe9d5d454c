import type { KernelFacts } from '../../kernel-facts.ts'
import type { NetlinkRow } from '../../tables/netlink-row.ts'
import { MEMORY_BYTES, memoryAt } from './inet-facts.ts'
import type { DumpedSockets } from './inet-sockets.ts'
import type { SocketDump } from './socket-dump.ts'
import { valuesOf } from './unix-sockets.ts'
import { forEachSocket, HEADER_BYTES } from './wire.ts'

/** struct netlink_diag_msg: family, type, protocol, state, port id, its peer's, groups it sends to, inode, cookie. */
const STRUCT_BYTES = 28
const AT = { protocol: 18, portId: 20, inode: 32, cookie: 36 } as const

/** Source: Linux include/uapi/linux/netlink_diag.h, NETLINK_DIAG_*. */
const ATTRIBUTE = { memory: 0, groups: 1 } as const

/** Netlink sockets, each once: the kernel names members of groups a second time. Source: Linux net/netlink/diag.c. */
export function netlinkSockets({ wire }: SocketDump): DumpedSockets<NetlinkRow> {
  const rows: NetlinkRow[] = []
  const facts: KernelFacts[] = []
  const seen = new Set<string>()
  const end = forEachSocket(wire, STRUCT_BYTES, (at, messageEnd) => {
    const cookie = wire.halves(at + AT.cookie)
    if (seen.has(cookie)) return
    seen.add(cookie)
    const value = valuesOf(wire, at + HEADER_BYTES + STRUCT_BYTES, messageEnd)
    const groups = value(ATTRIBUTE.groups, 4)
    const memoryValue = value(ATTRIBUTE.memory, MEMORY_BYTES)
    const memory = memoryValue === undefined ? undefined : memoryAt(wire, memoryValue)
    rows.push({
      table: 'netlink',
      pointer: undefined,
      protocol: wire.u8(at + AT.protocol),
      portId: wire.u32(at + AT.portId),
      // /proc prints the first word too.
      groups: groups === undefined ? 0 : wire.u32(groups),
      rxQueueBytes: memory?.receivedBytes ?? 0,
      txQueueBytes: memory?.sentBytes ?? 0,
      drops: memory?.drops,
      inode: String(wire.u32(at + AT.inode)),
    })
    facts.push({ cookie, memory })
  })
  return { rows, facts, ...end }
}
