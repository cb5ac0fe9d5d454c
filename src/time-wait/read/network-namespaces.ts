import { optional } from '../../errors.ts'
import type { Libc } from '../../libc/libc.ts'
import { inNamespace, isReadable } from '../../namespaces/inside.ts'
import { networkNamespaces } from '../../namespaces/network-namespaces.ts'
import { namespaceTitle } from '../../namespaces/rules/label.ts'
import { unreadableWarnings } from '../../namespaces/rules/warnings.ts'
import { sockstatGauge } from '../../proc/net/sockstat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { scanOwners, type OwnerScan } from '../../processes/socket-owners.ts'
import type { Warning } from '../../warnings.ts'
import type { NamespaceReport } from '../model.ts'
import { timeWaitReport, type ReportRequest } from '../rules/report.ts'
import { readSnapshot } from './read-snapshot.ts'

export interface NamespaceReports {
  busy: NamespaceReport[]
  /** How many namespaces have neither TIME_WAIT nor FIN_WAIT2 rows. */
  quiet: number
  /** Each once, where it is true of several namespaces. */
  warnings: Warning[]
}

/** Namespaces that have rows in TIME_WAIT or FIN_WAIT2, the one of this process first. */
export function namespaceReports(source: ProcSource, request: ReportRequest, libc?: Libc): NamespaceReports {
  const found = networkNamespaces(source)
  let scan: OwnerScan | undefined
  const scanOnce = () => (scan ??= scanOwners(source))
  const busy: NamespaceReport[] = []
  let quiet = 0
  for (const namespace of found.namespaces) {
    if (!isReadable(namespace, libc)) continue
    const inside = inNamespace(source, namespace, libc)
    const isAlone = found.namespaces.length === 1 && namespace.pid === undefined
    if (!isAlone && timeWaitSockets(inside) === 0) {
      quiet += 1
      continue
    }
    const report = timeWaitReport(readSnapshot(inside, scanOnce), request)
    const { timeWait, finWait2 } = report.totals
    // A recording of bare tables has no gauge.
    if (isAlone && timeWait + finWait2 === 0 && report.incomplete === undefined) quiet += 1
    else busy.push({ netns: namespace.name, pid: namespace.pid, label: namespaceTitle(namespace), report })
  }
  const warnings = new Map(busy.flatMap(({ report }) => report.warnings).map(warning => [warning.code, warning]))
  if (warnings.has('settings-unknown') && source.isThisMachine)
    warnings.set('settings-unknown', {
      code: 'settings-unknown',
      message:
        'the local port range of other network namespaces cannot be read from here, so their capacity and forecast are not known',
      hint: 'run it inside: nsenter --net=/proc/PID/ns/net tw-stats',
    })
  const unreadable = found.namespaces.filter(namespace => !isReadable(namespace, libc))
  return {
    busy,
    quiet,
    warnings: [...warnings.values(), ...found.warnings, ...unreadableWarnings(unreadable, source.isThisMachine)],
  }
}

function timeWaitSockets(inside: ProcSource): number | undefined {
  return sockstatGauge(
    optional(() => inside.readFile('net/sockstat')),
    'TCP',
    'tw',
  )
}
