import { SourceReadError } from '../../errors.ts'
import { programName } from '../../processes/process.ts'
import { parseSockstat } from '../../proc/sockstat.ts'
import type { ViewRequest } from '../rules/make-view.ts'
import type { Warning } from '../../warnings.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readProcessFacts } from '../../processes/process-facts.ts'
import { processNames, scanHolders, type HolderScan } from '../../processes/socket-owners.ts'
import { answerTimeWait, type TimeWaitAnswer } from '../answer.ts'

/** A network namespace, seen through one of its processes. */
export interface NetworkNamespace {
  /** `net:[4026531840]`. */
  netns: string
  pid: number
  /** The container, the unit or the program in it. */
  label: string
  answer: TimeWaitAnswer
}

export interface NetworkNamespaces {
  busy: NetworkNamespace[]
  /** Namespaces without a mini-socket. */
  quiet: number
  /** Said once, where it is true of several. */
  remarks: Warning[]
}

/** Namespaces with any mini-socket, our own first. */
export function networkNamespaces(source: ProcSource, request: ViewRequest): NetworkNamespaces {
  const members = new Map<string, number[]>()
  let hidden = 0
  for (const name of processNames(source)) {
    const netns = attempt(() => source.readLink(`${name}/ns/net`))
    const known = netns === undefined ? undefined : members.get(netns)
    if (netns === undefined) hidden += 1
    else if (known === undefined) members.set(netns, [Number(name)])
    else known.push(Number(name))
  }
  let scan: HolderScan | undefined
  const holders = () => (scan ??= scanHolders(source))
  const busy: NetworkNamespace[] = []
  let quiet = 0
  for (const [netns, pids] of members) {
    // A recording holds the tables of a namespace under one of its processes.
    const pid = pids.find(pid => attempt(() => insideOf(source, pid, netns).readFile('net/sockstat'))) ?? pids[0]!
    const inside = insideOf(source, pid, netns)
    const tw = attempt(() => parseSockstat(inside.readFile('net/sockstat')).get('TCP')?.get('tw'))
    if (tw === 0) quiet += 1
    else busy.push({ netns, pid, label: labelOf(source, pid), answer: answerTimeWait(inside, request, holders) })
  }
  busy.sort((a, b) => Number(b.netns === source.meta.netns) - Number(a.netns === source.meta.netns))
  const remarks = new Map(busy.flatMap(({ answer }) => answer.remarks).map(remark => [remark.code, remark]))
  if (remarks.has('settings-unknown') && source.isThisMachine)
    remarks.set('settings-unknown', {
      code: 'settings-unknown',
      message:
        'the local port range of other network namespaces cannot be read from here, so their capacity and forecast are not known',
      hint: 'look from inside: nsenter --net=/proc/PID/ns/net tw-stats',
    })
  if (hidden > 0)
    remarks.set('namespaces-hidden', {
      code: 'namespaces-hidden',
      message: `the network namespace of ${hidden} processes could not be seen`,
      hint: 'run it as root',
    })
  return { busy, quiet, remarks: [...remarks.values()] }
}

/** /proc/PID/net is that of the process; /proc/sys/net stays that of whoever reads, so another namespace has none. */
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

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
