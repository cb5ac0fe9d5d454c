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
import { parseNamespaceMounts } from './namespace-mounts.ts'
import { settingsOfNamespace } from './namespace-settings.ts'
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
  members.delete(undefined)
  if (members.size === 0 && !source.isThisMachine) return onlyNamespace(source, request)
  const names = optional(() => parseNamespaceMounts(source.readFile('self/mountinfo'))) ?? new Map<string, string>()
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
        label: labelOf(source, netns, pids, names),
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
      message: `the network namespace of ${hidden} process${hidden === 1 ? '' : 'es'} could not be read`,
      hint: source.meta.uid === 0 ? 'they ended meanwhile, or are protected even from root' : 'run it with sudo',
    })
  return { busy, quiet, warnings: [...warnings.values()] }
}

/** A recording without processes is one of one namespace. */
function onlyNamespace(source: ProcSource, request: ReportRequest): NetworkNamespaces {
  const report = timeWaitReport(readSnapshot(source), request)
  const { netns = 'not recorded' } = source.meta
  const isQuiet = report.totals.timeWait + report.totals.finWait2 === 0 && report.incomplete === undefined
  return {
    busy: isQuiet ? [] : [{ netns, pid: undefined, label: 'the namespace of the recording', report }],
    quiet: isQuiet ? 1 : 0,
    warnings: report.warnings,
  }
}

/** The source as a process of `netns` would read it. */
function insideOf(source: ProcSource, pid: number, netns: string): ProcSource {
  const own = netns === source.meta.netns
  let settings: Map<string, string> | undefined
  const setting = (path: string) => {
    if (source.isThisMachine && source.meta.uid === 0) settings ??= settingsOfNamespace(pid)
    const value = settings?.get(path)
    if (value === undefined) throw new SourceReadError('ENOENT', path)
    return Buffer.from(value, 'latin1')
  }
  return {
    kind: source.kind,
    mayChange: source.mayChange,
    isThisMachine: source.isThisMachine,
    label: source.label,
    meta: { ...source.meta, netns },
    readFile: path =>
      !own && /^(?:sys\/net\/|sysctl$)/.test(path)
        ? setting(path)
        : source.readFile(!own && path.startsWith('net/') ? `${pid}/${path}` : path),
    readLink: path => source.readLink(path),
    list: path => source.list(path),
  }
}

/** The name that ip-netns(8) knows, else a process that tells most: no thread of the kernel, if there is another. */
function labelOf(
  source: ProcSource,
  netns: string,
  pids: readonly number[],
  names: ReadonlyMap<string, string>,
): string {
  const name = names.get(netns)
  const ofHost = optional(() => source.readLink('1/ns/net')) === netns
  const pid = ofHost ? 1 : (pids.find(pid => optional(() => source.readFile(`${pid}/cmdline`))?.length) ?? pids[0]!)
  const facts = readProcessFacts(source, pid, 'full', undefined)
  const program = `${programName(facts)} (pid ${pid})`
  if (name !== undefined) return `${name}, ${program}`
  if (ofHost) return `first network namespace, ${program}`
  return facts.container === undefined ? program : `container ${facts.container.slice(0, 12)}, ${program}`
}
