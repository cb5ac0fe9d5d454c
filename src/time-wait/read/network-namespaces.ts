import { optional, SourceReadError } from '../../errors.ts'
import { groupBy } from '../../group-by.ts'
import { programName } from '../../processes/process-facts.ts'
import { parseSockstat } from '../../proc/net/sockstat.ts'
import { timeWaitReport, type ReportRequest } from '../rules/report.ts'
import type { NamespaceReport } from '../model.ts'
import type { Warning } from '../../warnings.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readProcessFacts } from '../../processes/read-process-facts.ts'
import { processNames, scanOwners, type OwnerScan } from '../../processes/socket-owners.ts'
import { readSnapshot } from './read-snapshot.ts'

export interface NetworkNamespaces {
  busy: NamespaceReport[]
  /** How many namespaces have neither TIME_WAIT nor FIN_WAIT2 rows. */
  quiet: number
  /** Each once, where it is true of several namespaces. */
  warnings: Warning[]
}

/** Namespaces that have rows in TIME_WAIT or FIN_WAIT2, the one of this process first. */
export function networkNamespaces(source: ProcSource, request: ReportRequest): NetworkNamespaces {
  const pids = processNames(source).map(Number)
  const members = groupBy(pids, pid => optional(() => source.readLink(`${pid}/ns/net`)))
  const hidden = members.get(undefined)?.length ?? 0
  let scan: OwnerScan | undefined
  const scanOnce = () => (scan ??= scanOwners(source))
  const busy: NamespaceReport[] = []
  let quiet = 0
  for (const [netns, pids] of members) {
    if (netns === undefined) continue
    // A recording holds the tables of a namespace under one of its processes.
    const pid = pids.find(pid => optional(() => insideOf(source, pid, netns).readFile('net/sockstat'))) ?? pids[0]!
    const inside = insideOf(source, pid, netns)
    const tw = optional(() => parseSockstat(inside.readFile('net/sockstat')).get('TCP')?.get('tw'))
    if (tw === 0) quiet += 1
    else
      busy.push({
        netns,
        pid,
        label: labelOf(source, pid),
        report: timeWaitReport(readSnapshot(inside, scanOnce), request),
      })
  }
  busy.sort((a, b) => Number(b.netns === source.meta.netns) - Number(a.netns === source.meta.netns))
  const warnings = new Map(busy.flatMap(({ report }) => report.warnings).map(warning => [warning.code, warning]))
  if (warnings.has('settings-unknown') && source.isThisMachine)
    warnings.set('settings-unknown', {
      code: 'settings-unknown',
      message:
        'the local port range of other network namespaces cannot be read from here, so their capacity and forecast are not known',
      hint: 'run it inside: nsenter --net=/proc/PID/ns/net tw-stats',
    })
  if (hidden > 0)
    warnings.set('namespaces-hidden', {
      code: 'namespaces-hidden',
      message: `the network namespace of ${hidden} processes could not be read`,
      hint: 'run it with sudo',
    })
  return { busy, quiet, warnings: [...warnings.values()] }
}

/** The source as a process of `netns` would read it. /proc/sys/net is that of the reader, so another namespace has none. */
function insideOf(source: ProcSource, pid: number, netns: string): ProcSource {
  const own = netns === source.meta.netns
  const pathOf = (path: string) => {
    if (!own && /^(?:sys\/net\/|sysctl$)/.test(path)) throw new SourceReadError('ENOENT', path)
    return !own && path.startsWith('net/') ? `${pid}/${path}` : path
  }
  return {
    kind: source.kind,
    mayChange: source.mayChange,
    isThisMachine: source.isThisMachine,
    label: source.label,
    meta: { ...source.meta, netns },
    readFile: path => source.readFile(pathOf(path)),
    readLink: path => source.readLink(path),
    list: path => source.list(path),
  }
}

function labelOf(source: ProcSource, pid: number): string {
  const facts = readProcessFacts(source, pid, 'full', undefined)
  const program = `${programName(facts)} (pid ${pid})`
  return facts.container === undefined ? program : `container ${facts.container.slice(0, 12)}, ${program}`
}
