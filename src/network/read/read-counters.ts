import { errnoOf } from '../../errors.ts'
import { parseExactCounters, type ExactCounters } from '../../proc/net/counters.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { CounterFile, CountersReport } from '../model.ts'
import { parseSctpSnmp } from '../tables/sctp-snmp.ts'
import { parseSnmp6 } from '../tables/snmp6.ts'

const PARSERS: Readonly<Record<CounterFile, (bytes: Buffer) => ExactCounters>> = {
  'net/snmp': parseExactCounters,
  'net/netstat': parseExactCounters,
  'net/snmp6': parseSnmp6,
  'net/sctp/snmp': parseSctpSnmp,
}

/** Files that exist only where the protocol does. */
const OPTIONAL: ReadonlySet<CounterFile> = new Set(['net/snmp6', 'net/sctp/snmp'])

/** Every counter of the network namespace of the source, by protocol; a file that is not there is reported. */
export function readCounters(source: Pick<ProcSource, 'readFile'>): CountersReport {
  const report: CountersReport = { groups: [], missing: [] }
  for (const [path, parse] of Object.entries(PARSERS) as [CounterFile, (bytes: Buffer) => ExactCounters][]) {
    let bytes: Buffer
    try {
      bytes = source.readFile(path)
    } catch (error) {
      const code = errnoOf(error)
      if (!(code === 'ENOENT' && OPTIONAL.has(path))) report.missing.push({ path, code })
      continue
    }
    for (const [protocol, counters] of parse(bytes))
      report.groups.push({ protocol, file: path, counters: [...counters].map(([name, value]) => ({ name, value })) })
  }
  return report
}
