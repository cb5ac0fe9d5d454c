import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import type { FilterJson } from '../../show/document.ts'
import type { SocketGroups } from '../group-sockets.ts'
import type { MachineNumbers } from '../machine-numbers.ts'
import type { FailOnJson } from './fail-on-json.ts'

/** Document of `mynetstat --summary`. */
export interface SocketSummaryDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/socket-summary/1'
  /** Sockets of each protocol, by counting rows: true in any network namespace. */
  protocols: ProtocolJson[]
  sockets: number
  /** Numbers of the whole machine, whichever namespace was counted. */
  machine: MachineNumbers
  filter?: FilterJson | undefined
  failOn?: FailOnJson[] | undefined
}

export interface ProtocolJson {
  /** Where several namespaces were read. */
  namespace?: string | undefined
  protocol: string
  sockets: number
  /** State → sockets; UNCONNECTED where netstat prints none. */
  states: Record<string, number>
  rxQueueBytes?: number | undefined
  txQueueBytes?: number | undefined
  /** Connections that wait for accept(). */
  acceptQueueConnections?: number | undefined
}

export interface SummaryShown {
  machine: MachineNumbers
  filter: FilterJson | undefined
  failOn: FailOnJson[] | undefined
}

/** The document `linsight/socket-summary/1`. */
export function summaryDocument(
  origin: Origin,
  { keys, groups, sockets }: SocketGroups,
  { machine, filter, failOn }: SummaryShown,
): Document<SocketSummaryDocument, 'protocols'> {
  const protocols = groups.map(group => {
    const values = Object.fromEntries(keys.map((key, at) => [key, group.values[at]]))
    return {
      namespace: values['netns'],
      protocol: values['proto'] ?? '-',
      sockets: group.sockets,
      states: Object.fromEntries(group.states),
      rxQueueBytes: group.rxQueueBytes,
      txQueueBytes: group.txQueueBytes,
      acceptQueueConnections: group.acceptQueueConnections,
    }
  })
  return { what: 'socket-summary', origin, lists: { protocols }, facts: { sockets, machine, filter, failOn } }
}
