import type { PacketRow } from './packet-row.ts'
import { parseLines } from '../../proc/text-lines.ts'

const ROW = /^([0-9a-f]+) +(\d+) +(\d+) +([0-9a-f]{4}) +(\d+) +([01]) +(\d+) +(\d+) +(\d+)\s*$/i

/**
 * Rows of /proc/net/packet. Source: Linux net/packet/af_packet.c, packet_seq_show.
 * One line: `000000001ffec34a 3      3    0003   0     1 39984  0      500768`. `Iface` is an interface index, `Proto` hex.
 */
export function parsePacketTable(bytes: Buffer) {
  return parseLines<PacketRow>(bytes, 'net/packet', line => {
    const match = ROW.exec(line)
    if (!match) return undefined
    const number = (group: number) => Number(match[group])
    return {
      table: 'packet',
      pointer: match[1]!,
      refs: number(2),
      type: number(3),
      protocol: Number.parseInt(match[4]!, 16),
      interfaceIndex: number(5),
      running: match[6] === '1',
      rxQueueBytes: number(7),
      uid: number(8),
      inode: match[9]!,
    }
  })
}
