import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { DeviceCounters, InterfaceFacts } from '../model.ts'
import { parseDeviceCounters } from '../tables/device-counters.ts'
import { withRunning } from '../tables/ip-json.ts'

/** /sys/class/net; recorded under the same name. */
export const INTERFACE_FOLDER = 'sys/class/net'

/** Files of one interface below {@link INTERFACE_FOLDER} that are read, and recorded. */
export const INTERFACE_FILES = [
  'ifindex',
  'mtu',
  'flags',
  'operstate',
  'tx_queue_len',
  'type',
  'address',
  'statistics/rx_bytes',
  'statistics/tx_bytes',
  'statistics/rx_dropped',
  'statistics/rx_missed_errors',
  'statistics/rx_nohandler',
  'statistics/rx_length_errors',
  'statistics/rx_over_errors',
  'statistics/rx_crc_errors',
  'statistics/rx_frame_errors',
  'statistics/tx_aborted_errors',
  'statistics/tx_carrier_errors',
  'statistics/tx_window_errors',
  'statistics/tx_heartbeat_errors',
] as const

/** Of a recording, which holds them only where they were checked when it was made. */
const NOT_CHECKED = new Map<string, DeviceCounters>()

type Source = Pick<ProcSource, 'readFile' | 'list' | 'mayChange'>

/**
 * Settings of every interface from /sys/class/net, by name; undefined where there is none, or where it is that of another
 * network namespace: /sys shows the one it was mounted in, not that of the reader. It is ours only where it lists the
 * interfaces of net/dev and no other, and its bytes lie between those of two readings of net/dev.
 */
export function readInterfaceSettings(source: Source): Map<string, InterfaceFacts> | undefined {
  const before = source.mayChange ? devicesOf(source) : NOT_CHECKED
  const names = optional(() => source.list(INTERFACE_FOLDER))
  if (before === undefined || names === undefined || names.length === 0) return undefined
  const settings = new Map<string, { facts: InterfaceFacts; bytes: [rx: bigint | undefined, tx: bigint | undefined] }>()
  for (const name of names) {
    const read = (file: (typeof INTERFACE_FILES)[number]) =>
      optional(() => source.readFile(`${INTERFACE_FOLDER}/${name}/${file}`).toString('latin1').trim())
    const index = numberOf(read('ifindex'))
    // Files such as bonding_masters stand among the interfaces.
    if (index === undefined) continue
    const details = INTERFACE_FILES.filter(file => file.startsWith('statistics/')).flatMap(file => {
      const value = bigOf(read(file))
      return value === undefined ? [] : [[file.slice('statistics/'.length), value] as const]
    })
    const operState = read('operstate') ?? 'unknown'
    settings.set(name, {
      facts: {
        index,
        mtu: numberOf(read('mtu')) ?? 0,
        flags: withRunning(numberOf(read('flags')) ?? 0, operState),
        operState,
        txQueueLength: numberOf(read('tx_queue_len')) ?? 0,
        hardwareType: numberOf(read('type')) ?? -1,
        hardwareAddress: read('address') ?? '',
        details: new Map(details),
      },
      bytes: [new Map(details).get('rx_bytes'), new Map(details).get('tx_bytes')],
    })
  }
  const after = source.mayChange ? devicesOf(source) : undefined
  const isOurs =
    before === NOT_CHECKED ||
    (settings.size === before.size &&
      [...settings].every(
        ([
          name,
          {
            bytes: [rx, tx],
          },
        ]) =>
          liesBetween(before.get(name)?.rx.bytes, rx, after?.get(name)?.rx.bytes) &&
          liesBetween(before.get(name)?.tx.bytes, tx, after?.get(name)?.tx.bytes),
      ))
  return isOurs ? new Map([...settings].map(([name, { facts }]) => [name, facts])) : undefined
}

function devicesOf(source: Source): Map<string, DeviceCounters> | undefined {
  const bytes = optional(() => source.readFile('net/dev'))
  return bytes && new Map(parseDeviceCounters(bytes).rows.map(row => [row.name, row]))
}

/** Not known counts as not lying there: what cannot be checked is not believed. */
function liesBetween(low: bigint | undefined, value: bigint | undefined, high: bigint | undefined): boolean {
  return low !== undefined && value !== undefined && high !== undefined && low <= value && value <= high
}

/** Decimal, or hex behind 0x. */
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(0x[0-9a-f]+|-?\d+)$/i.test(text) ? Number(text) : undefined
}

function bigOf(text: string | undefined): bigint | undefined {
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined
}
