import type { NetlinkRow } from './netlink-row.ts'
import { parseLines } from '../../proc/text-lines.ts'

const ROW = /^([0-9a-f]+) +(\d+) +(-?\d+) +([0-9a-f]{8}) +(\d+) +(\d+) +\S+ +\d+ +(\d+) +(\d+)\s*$/i

/** Kernels before 3.0: no drops, no inode. */
const OLD_ROW = /^([0-9a-f]+) +(\d+) +(-?\d+) +([0-9a-f]{8}) +(\d+) +(\d+)(?: +\S+)*\s*$/i

/**
 * Rows of /proc/net/netlink. Source: Linux net/netlink/af_netlink.c, netlink_native_seq_show.
 * One line: `00000000ec97306a 0   11         00000001 0        0        0     2        0        500288`.
 * `Eth` is the netlink protocol and `Pid` an address that need not be a pid; `Groups` is hex.
 */
export function parseNetlinkTable(bytes: Buffer) {
  return parseLines<NetlinkRow>(bytes, 'net/netlink', line => {
    const match = ROW.exec(line) ?? OLD_ROW.exec(line)
    if (!match) return undefined
    const portId = Number(match[3])
    return {
      table: 'netlink',
      pointer: match[1]!,
      protocol: Number(match[2]),
      // Printed signed by some kernels although it is a u32.
      portId: portId < 0 ? portId + 2 ** 32 : portId,
      groups: Number.parseInt(match[4]!, 16),
      rxQueueBytes: Number(match[5]),
      txQueueBytes: Number(match[6]),
      drops: match[7] === undefined ? undefined : Number(match[7]),
      inode: match[8] ?? '0',
    }
  })
}
