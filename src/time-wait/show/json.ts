import type { NetworkNamespace } from '../../namespaces/model.ts'
import { namespaceNameJson, type NamespaceNameJson } from '../../namespaces/show/namespace-json.ts'
import type { ProcessName } from '../../processes/process-facts.ts'
import type { Statement } from '../../statement.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type {
  Grouping,
  HalfClosed,
  NamespaceReport,
  PassivePort,
  TimeWaitFigures,
  TimeWaitGroup,
  TimeWaitReport,
  TuplePressure,
} from '../model.ts'
import type { CloserGroup, ClosedConnection, RefusedConnect, WhoClosed } from '../who/who-closed.ts'
import { proof } from './who-closed-text.ts'

/** Document of `tw-stats`: TIME_WAIT of one network namespace. Names of programs are escaped text. */
export interface TimeWaitDocument extends Envelope, Remarks<Record<string, string>>, TimeWaitJson {
  schema: 'linsight/time-wait/1'
  /** With `--netns`: which it is. */
  namespace?: NamespaceNameJson | undefined
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}

/** Document of `tw-stats --all-netns`: TIME_WAIT of every network namespace in use. */
export interface TimeWaitNamespacesDocument extends Envelope, Remarks {
  schema: 'linsight/time-wait-namespaces/1'
  /** Those that have TIME_WAIT or FIN_WAIT2 sockets, the one of this process first. */
  namespaces: NamespaceJson[]
  /** How many namespaces have neither. */
  quiet: number
}

/** One network namespace. */
export interface NamespaceJson extends TimeWaitJson, Omit<NamespaceReport, 'report'> {
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}

/** What every report says. */
export interface TimeWaitJson extends TimeWaitLists, TimeWaitFacts {}

/** What may be long; `--top` limits `tuples`, `ports` and `groups`. */
export interface TimeWaitLists {
  /** Destinations of connections opened here, the fullest first; `--top` limits them. */
  tuples: TuplePressure[]
  /** Ports of services here whose side closed first; `--top` limits them. */
  ports: PassivePort[]
  /** Sums, with `--by` anything but tuple; `--top` limits them. */
  groups?: GroupJson[]
  /** With `--who`: each connection that ended meanwhile. */
  closedConnections?: ClosedConnectionJson[]
}

export interface TimeWaitFacts extends Omit<TimeWaitFigures, 'tuples' | 'ports'> {
  verdict: TimeWaitReport['verdict']
  /** The most severe first. */
  advice: Statement[]
  /** With `--who`: who closed first while it was traced. */
  who: WhoJson | undefined
  /** With `--what-if`: `tuples` once more, computed with the settings of `asked`. */
  whatIf: TimeWaitReport['whatIf']
  /** The filter that `tuples`, `ports` and `halfClosed` were selected by; sums are of all. */
  filter?: string | undefined
}

export interface GroupJson extends TimeWaitGroup {
  by: Grouping
}

/** `pid` and `program` are the first to close; absent where the close came before tracing began. */
export interface ClosedConnectionJson extends Omit<ClosedConnection, 'closer'>, Partial<ProcessName> {}

export interface WhoJson extends Omit<WhoClosed, 'connections' | 'closers' | 'refused'> {
  /** `8802 of 8802 explained`. */
  proof: string
  closers: (Omit<CloserGroup, 'process'> & Partial<ProcessName> & { commandLine?: string | undefined })[]
  refused: (Omit<RefusedConnect, 'process'> & ProcessName)[]
}

/** The document `linsight/time-wait/1`. */
export function timeWaitDocument(
  origin: Origin,
  report: TimeWaitReport,
  top?: number,
  namespace?: NetworkNamespace,
): Document<TimeWaitDocument, keyof TimeWaitLists> {
  const { lists, facts } = timeWaitJson(report, top)
  return {
    what: 'time-wait',
    origin,
    lists,
    facts: { namespace: namespace && namespaceNameJson(namespace), ...facts },
    unreadable: report.unreadable,
  }
}

/** The document `linsight/time-wait-namespaces/1`. */
export function timeWaitNamespacesDocument(
  origin: Origin,
  { busy, quiet }: { busy: readonly NamespaceReport[]; quiet: number },
  top?: number,
): Document<TimeWaitNamespacesDocument, 'namespaces'> {
  const namespaces = busy.map(namespace => namespaceJson(namespace, top))
  return { what: 'time-wait-namespaces', origin, lists: { namespaces }, facts: { quiet } }
}

/** A report as JSON: `lists` may be long, `facts` are not. */
export function timeWaitJson(report: TimeWaitReport, top = Infinity): { lists: TimeWaitLists; facts: TimeWaitFacts } {
  const { tuples, ports, by, groups, who, whatIf } = report
  const { verdict, totals, timing, capacity, history, tornPairs, halfClosed, advice } = report
  return {
    lists: {
      tuples: tuples.slice(0, top).map(tupleJson),
      ports: ports.slice(0, top).map(withEscapedOwners),
      ...(by !== 'tuple' && {
        groups: groups.slice(0, top).map(group => ({ by, ...group, key: escapeBytes(group.key) })),
      }),
      ...(who && {
        closedConnections: who.connections.map(({ closer, ...ends }) => ({
          ...ends,
          ...(closer && withEscapedName(closer)),
        })),
      }),
    },
    facts: {
      verdict: { ...verdict, sentence: escapeBytes(verdict.sentence) },
      totals,
      timing,
      capacity,
      history,
      tornPairs,
      halfClosed: halfClosed.map(withEscapedOwners),
      advice: advice.map(adviceJson),
      who: who && whoJson(who),
      filter: report.filter,
      whatIf: whatIf && { asked: whatIf.asked, tuples: whatIf.tuples.slice(0, top).map(tupleJson) },
    },
  }
}

function namespaceJson({ report, ...names }: NamespaceReport, top?: number): NamespaceJson {
  const { lists, facts } = timeWaitJson(report, top)
  return { ...names, ...lists, ...facts, unreadable: report.unreadable }
}

function tupleJson(tuple: TuplePressure): TuplePressure {
  return { ...tuple, candidates: tuple.candidates.map(withEscapedName) }
}

function withEscapedOwners<Owned extends PassivePort | HalfClosed>(owned: Owned): Owned {
  return { ...owned, owners: owned.owners.map(withEscapedName) }
}

function whoJson(who: WhoClosed): WhoJson {
  const { connections: _, closers, refused, ...rest } = who
  return {
    ...rest,
    proof: proof(who),
    closers: closers.map(({ process, ...closer }) => ({
      ...(process && withEscapedName(process)),
      ...(process?.commandLine !== undefined && { commandLine: escapeBytes(process.commandLine) }),
      ...closer,
    })),
    refused: refused.map(({ process, ...refusal }) => ({ ...withEscapedName(process), ...refusal })),
  }
}

function adviceJson(advice: Statement): Statement {
  return { ...advice, finding: escapeBytes(advice.finding), evidence: advice.evidence.map(escapeBytes) }
}

function withEscapedName<Process extends ProcessName>(process: Process): Process {
  return { ...process, program: escapeBytes(process.program) }
}
