import type { Warning } from '../../warnings.ts'
import type { TimeWaitSnapshot } from './snapshot.ts'

/** What could not be read, or not for certain, with what it means for the report. */
export function readingWarnings(
  snapshot: TimeWaitSnapshot,
  found: { cut: readonly string[]; bogus: number; byteOrderAssumed: boolean },
): Warning[] {
  const warnings: Warning[] = []
  const missing = Object.keys(snapshot.unreadable)
  if (missing.includes('net/tcp'))
    warnings.push({
      code: 'tables-missing',
      message: 'net/tcp could not be read: what is said rests on the counters alone',
    })
  for (const table of found.cut)
    warnings.push({
      code: 'table-cut',
      message: `net/${table} ends in the middle of a line: it was cut short, so every count from it is a lower bound`,
    })
  if (found.bogus > 0)
    warnings.push({
      code: 'lines-skipped',
      message: `${found.bogus} line${found.bogus === 1 ? ' of net/tcp and net/tcp6 is no socket row and was' : 's of net/tcp and net/tcp6 are no socket rows and were'} left out`,
    })
  for (const [path, what] of [
    ['net/sockstat', 'whether the rows are all there cannot be checked'],
    ['net/netstat', 'births, takeovers and overflows are not known'],
    ['net/snmp', 'the number of opened connections is not known'],
  ] as const)
    if (missing.includes(path)) warnings.push({ code: 'file-missing', message: `${path} could not be read: ${what}` })
  if (snapshot.settings.range === undefined || snapshot.settings.reserved === undefined)
    warnings.push({
      code: 'settings-unknown',
      message:
        'ip_local_port_range and ip_local_reserved_ports of this namespace are not known: neither capacity nor forecast can be told',
      hint: 'record them with the rest: sysctl -a >sysctl',
    })
  if (
    snapshot.timeWaitSockets.length > 0 &&
    snapshot.userHz === undefined &&
    longestTicks(snapshot) > 6000 &&
    snapshot.settings.twTimeoutS === undefined
  )
    warnings.push({
      code: 'user-hz-unknown',
      message: `timers run to ${longestTicks(snapshot)} ticks: either TIME_WAIT is longer than 60 s there or a tick is shorter than 1/100 s; history and forecast are left out`,
      hint: 'a snapshot made by linsight snapshot save tells which',
    })
  if (found.byteOrderAssumed && snapshot.timeWaitSockets.length > 0)
    warnings.push({
      code: 'byte-order-assumed',
      message: 'the recording does not tell its byte order, taken to be little-endian: addresses may read backwards',
      hint: 'say it with --endian',
    })
  return warnings
}

function longestTicks({ timeWaitSockets }: TimeWaitSnapshot): number {
  let longest = 0
  for (let row = 0; row < timeWaitSockets.length; row += 1) longest = Math.max(longest, timeWaitSockets.ticks[row]!)
  return longest
}
