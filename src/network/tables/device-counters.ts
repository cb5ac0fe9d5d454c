import type { BogusLine } from '../../proc/bogus-line.ts'
import { QUOTE_BYTES } from '../../proc/bogus-line.ts'
import type { DeviceCounters } from '../model.ts'

const RX = ['bytes', 'packets', 'errs', 'drop', 'fifo', 'frame', 'compressed', 'multicast'] as const
const TX = ['bytes', 'packets', 'errs', 'drop', 'fifo', 'colls', 'carrier', 'compressed'] as const

/**
 * Counters of every interface, of /proc/net/dev. Source: Linux net/core/net-procfs.c, dev_seq_printf_stats.
 * Two lines of headers, then `  eth0: 2285949277   63881    0 …`. Columns are found by the names in the second header, those
 * of the sender behind its last bar; a column this kernel does not have is undefined.
 *
 * The kernel adds up: `drop` of the receiver is dropped + missed, `frame` is length + overrun + CRC + frame errors, and
 * `carrier` is carrier + aborted + window + heartbeat errors.
 */
export function parseDeviceCounters(bytes: Buffer): { rows: DeviceCounters[]; bogus: BogusLine[] } {
  const lines = bytes.toString('latin1').split('\n')
  const [, rxNames = [], txNames = []] = (lines[1] ?? '').split('|').map(part => part.trim().split(/\s+/))
  const rows: DeviceCounters[] = []
  const bogus: BogusLine[] = []
  for (const [at, line] of lines.entries()) {
    if (at < 2 || line.trim() === '') continue
    // A name may hold colons (an alias), a counter does not.
    const match = /^\s*(\S+):\s*(\d[\d\s]*)$/.exec(line)
    const values = match?.[2]?.trim().split(/\s+/) ?? []
    if (match === null || values.length !== rxNames.length + txNames.length) {
      bogus.push({ file: 'net/dev', line: at + 1, text: line.slice(0, QUOTE_BYTES) })
      continue
    }
    const valueOf = (names: readonly string[], from: number, name: string) => {
      const column = names.indexOf(name)
      return column === -1 ? undefined : BigInt(values[from + column]!)
    }
    rows.push({
      name: match[1]!,
      rx: pick(RX, name => valueOf(rxNames, 0, name)),
      tx: pick(TX, name => valueOf(txNames, rxNames.length, name)),
    })
  }
  return { rows, bogus }
}

function pick<Name extends string>(
  names: readonly Name[],
  value: (name: Name) => bigint | undefined,
): Record<Name, bigint | undefined> {
  return Object.fromEntries(names.map(name => [name, value(name)])) as Record<Name, bigint | undefined>
}
