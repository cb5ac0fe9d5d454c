import type { KernelFacts } from '../../kernel-facts.ts'
import type { PacketRow } from '../../tables/packet-row.ts'
import { MEMORY_BYTES, memoryAt } from './inet-facts.ts'
import type { DumpedSockets } from './inet-sockets.ts'
import type { SocketDump } from './socket-dump.ts'
import { valuesOf } from './unix-sockets.ts'
import { forEachSocket, HEADER_BYTES } from './wire.ts'

/** struct packet_diag_msg: family, type, protocol, inode, cookie. */
const STRUCT_BYTES = 16
const AT = { type: 17, protocol: 18, inode: 20, cookie: 24 } as const

/** Source: Linux include/uapi/linux/packet_diag.h, PACKET_DIAG_*. */
const ATTRIBUTE = { info: 0, uid: 5, memory: 6 } as const

/** Packet sockets. Source: Linux net/packet/diag.c. Does not hold references, pointers and whether one runs. */
export function packetSockets({ wire }: SocketDump): DumpedSockets<PacketRow> {
  const rows: PacketRow[] = []
  const facts: KernelFacts[] = []
  const end = forEachSocket(wire, STRUCT_BYTES, (at, messageEnd) => {
    const value = valuesOf(wire, at + HEADER_BYTES + STRUCT_BYTES, messageEnd)
    const info = value(ATTRIBUTE.info, 4)
    const uid = value(ATTRIBUTE.uid, 4)
    const memoryValue = value(ATTRIBUTE.memory, MEMORY_BYTES)
    const memory = memoryValue === undefined ? undefined : memoryAt(wire, memoryValue)
    const interfaceIndex = info === undefined ? 0 : wire.u32(info)
    rows.push({
      table: 'packet',
      pointer: undefined,
      refs: undefined,
      type: wire.u8(at + AT.type),
      protocol: wire.u16(at + AT.protocol),
      interfaceIndex,
      running: undefined,
      rxQueueBytes: memory?.receivedBytes ?? 0,
      uid: uid === undefined ? 0 : wire.u32(uid),
      inode: String(wire.u32(at + AT.inode)),
    })
    facts.push({ cookie: wire.halves(at + AT.cookie), interfaceIndex: interfaceIndex || undefined, memory })
  })
  return { rows, facts, ...end }
}
