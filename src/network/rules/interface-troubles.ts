import type { NetworkInterface } from '../model.ts'

/** Files of /sys/class/net/IFACE/statistics that one column of net/dev adds up, and what each of them means. */
const PARTS: Readonly<Record<string, string>> = {
  rx_dropped: 'the kernel dropped after the driver had taken them: no memory, a full queue, a filter',
  rx_missed_errors: 'the card had no room for: the host fetches too slowly',
  rx_length_errors: 'have a wrong length',
  rx_over_errors: 'did not fit into the ring',
  rx_crc_errors: 'have a wrong CRC: cable, plug, port',
  rx_frame_errors: 'are misaligned: cable, plug, port',
  tx_aborted_errors: 'were aborted',
  tx_carrier_errors: 'had no carrier: cable, plug, port',
  tx_window_errors: 'collided too late: duplex mismatch',
  tx_heartbeat_errors: 'had no heartbeat',
}

/** A column of net/dev, netstat's name for it, what it means, and its parts. */
const COLUMNS = [
  ['rx', 'errs', 'RX-ERR', 'packets arrived broken', []],
  [
    'rx',
    'drop',
    'RX-DRP',
    'packets arrived and were dropped: no room in a queue, or nothing here takes their protocol',
    ['rx_dropped', 'rx_missed_errors'],
  ],
  ['rx', 'fifo', 'RX-OVR', 'packets arrived faster than the card could hand them over', []],
  [
    'rx',
    'frame',
    'frame',
    'of the broken ones are no proper frames',
    ['rx_length_errors', 'rx_over_errors', 'rx_crc_errors', 'rx_frame_errors'],
  ],
  ['tx', 'errs', 'TX-ERR', 'packets could not be sent', []],
  ['tx', 'drop', 'TX-DRP', 'packets were dropped before they were sent: no carrier, a full queue, a filter', []],
  ['tx', 'fifo', 'TX-OVR', 'packets could not be handed to the card in time', []],
  [
    'tx',
    'carrier',
    'carrier',
    'of those not sent failed on the wire',
    ['tx_aborted_errors', 'tx_carrier_errors', 'tx_window_errors', 'tx_heartbeat_errors'],
  ],
  ['tx', 'colls', 'collisions', 'packets collided: a hub, or a duplex mismatch', []],
] as const

/** `RX-DRP 5: packets arrived and were dropped …; 5 the card had no room for …` of every column that is not 0. */
export function interfaceTroubles({ counters, facts }: NetworkInterface): string[] {
  if (counters === undefined) return []
  const troubles = COLUMNS.flatMap(([side, column, label, meaning, parts]) => {
    const value = (counters[side] as Record<string, bigint | undefined>)[column]
    if (value === undefined || value === 0n) return []
    const told = parts.flatMap(part => {
      const count = facts?.details.get(part)
      return count === undefined || count === 0n ? [] : [`${count} ${PARTS[part]}`]
    })
    return [[`${label} ${value}: ${meaning}`, ...told].join('; ')]
  })
  const unhandled = facts?.details.get('rx_nohandler')
  if (unhandled !== undefined && unhandled > 0n)
    troubles.push(
      `rx_nohandler ${unhandled}: packets arrived that nothing here takes (an inactive port of a bond or bridge)`,
    )
  return troubles
}
