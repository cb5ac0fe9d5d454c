import { TCP_STATE, tcpStateName } from '../../kernel/tcp-state.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import type { Sample, ViewName } from '../model.ts'
import type { View, ViewContext } from './view.ts'
import { orderedRows } from './table-page.ts'

/** Rates are per second since the look before; absent where there was none, or the kernel does not tell. */
interface Rates {
  /** Payload. */
  receivedBytesPerS?: number | undefined
  /** Payload, without what was sent again. */
  sentBytesPerS?: number | undefined
  /** Segments sent again. */
  retransmitsPerS?: number | undefined
}

export interface ProcessTick extends Rates {
  /** Of one process; absent of a group, and of sockets without a known process. */
  pid?: number | undefined
  program?: string | undefined
  unit?: string | undefined
  container?: string | undefined
  /** Processes in it; 0 of sockets without a known process. */
  processes: number
  /** Without listeners and TIME_WAIT. */
  sockets: number
  listening: number
  /** Received, and not read by the program. */
  unreadBytes: number
  /** Not acknowledged, or not sent yet. */
  unsentBytes: number
  /** In state CLOSE_WAIT. */
  closeWait: number
}

export interface ConnectionTick extends Rates {
  /** Of a group: what its connections have in common. */
  common?: string | undefined
  connections?: number | undefined
  pid?: number | undefined
  program?: string | undefined
  /** The kernel's number of the socket; where it was not asked, its ends. */
  cookie?: string | undefined
  localAddress?: string | undefined
  localPort?: number | undefined
  remoteAddress?: string | undefined
  remotePort?: number | undefined
  /** Absent of a group with several. */
  state?: string | undefined
  rttUs?: number | undefined
  unreadBytes: number
  unsentBytes: number
}

export interface ListenerTick {
  port: number
  addresses: string[]
  pid?: number | undefined
  program?: string | undefined
  /** Listening sockets on this port. */
  sockets: number
  /** Connections that wait for accept(). */
  queue: number
  queueLimit?: number | undefined
  connections: number
  acceptsPerS?: number | undefined
}

export interface DestinationTick {
  localAddress: string
  remoteAddress: string
  remotePort: number
  timeWait: number
  open: number
  usedPorts: number
  capacity?: number | undefined
  arrivalsPerS?: number | undefined
  /** When no local port is left; 0: now. Absent: not at this rate. */
  exhaustedInS?: number | undefined
}

export interface HostTick extends Rates {
  /** An address, or a network. */
  host: string
  connections: number
  rttUs?: number | undefined
  unreadBytes: number
  programs: string[]
}

export interface FindingTick {
  cause: string
  severity: string
  pid?: number | undefined
  program?: string | undefined
  finding: string
}

/** A line of `linsight top --json`: the machine at one moment, and the rows of the view in their order. */
export interface TopTick extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/top/1'
  type: 'tick'
  view: ViewName
  /** What the rows are gathered by. */
  by: string
  filter?: string | undefined
  /** Sockets of which the filter does not know whether they are meant. */
  undecided?: number | undefined
  /** Time since the look before. */
  seconds?: number | undefined
  /** Of the whole machine, whatever the filter. */
  totals: Rates & { openedPerS?: number | undefined; closedPerS?: number | undefined }
  /** Sockets by state; TIME_WAIT by the kernel's own count. */
  states: Record<string, number>
  rows: ProcessTick[] | ConnectionTick[] | ListenerTick[] | DestinationTick[] | HostTick[] | FindingTick[]
}

/** The last line. */
export interface TopSummary extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/top/1'
  type: 'summary'
  view: ViewName
  /** Lines before this one. */
  ticks: number
}

/** A line of the stream. */
export type TopLine = TopTick | TopSummary

export function tickDocument(
  origin: Origin,
  view: View,
  context: ViewContext,
  sort: { column: string; descending: boolean },
  filter: string,
): Document<Omit<TopTick, 'type'>> {
  const { sample, grouping } = context
  const { amounts, seconds, unreadable } = sample.look
  const rate = (value: number | undefined) => (value === undefined || !seconds ? undefined : value / seconds)
  return {
    what: 'top',
    origin,
    facts: {
      view: view.name,
      by: grouping,
      ...(filter !== '' && { filter, undecided: sample.undecided }),
      seconds,
      totals: {
        receivedBytesPerS: rate(amounts?.receivedBytes),
        sentBytesPerS: rate(amounts?.sentBytes),
        retransmitsPerS: rate(amounts?.retransmits),
        openedPerS: rate(amounts?.opened),
        closedPerS: rate(amounts?.closed),
      },
      states: statesOf(sample),
      rows: orderedRows(view, context, sort).map(row => view.json(row)) as TopTick['rows'],
    },
    unreadable: unreadable > 0 ? { processes: unreadable } : {},
  }
}

export function summaryDocument(origin: Origin, view: ViewName, ticks: number): Document<Omit<TopSummary, 'type'>> {
  return { what: 'top', origin, facts: { view, ticks } }
}

function statesOf({ look: { rows, timeWait } }: Sample): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let i = 0; i < rows.length; i += 1) {
    const name = tcpStateName(rows.state[i]!)
    counts[name] = (counts[name] ?? 0) + 1
  }
  if (timeWait !== undefined) counts[tcpStateName(TCP_STATE.timeWait)] = timeWait
  return counts
}
