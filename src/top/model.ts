import type { Finding } from '../diagnose/model.ts'
import type { TrafficLook } from '../sockets/index.ts'
import type { TimeWaitReport } from '../time-wait/model.ts'

export const VIEWS = ['processes', 'connections', 'listeners', 'time-wait', 'hosts', 'findings'] as const
export type ViewName = (typeof VIEWS)[number]

/** What the rows of a view can be gathered by; the first is what they are without being asked. */
export const GROUPINGS = {
  processes: ['process', 'program', 'unit', 'container'],
  connections: ['connection', 'remote', 'port', 'state'],
  listeners: ['port'],
  'time-wait': ['destination'],
  hosts: ['address', 'network'],
  findings: ['finding'],
} as const satisfies Record<ViewName, readonly string[]>

/** What `linsight diagnose` found. */
export interface Diagnosis {
  findings: readonly Finding[]
  /** Under which it could not look at everything. */
  limits: readonly string[]
}

/** All that a frame shows: the machine at one moment. */
export interface Sample {
  /** Wall clock. */
  atMs: number
  host: string | undefined
  /** `live`, or the recording it is of. */
  source: string
  look: TrafficLook
  /** Rows that the filter selects: 1 where it does; undefined where there is none. */
  selected: Uint8Array | undefined
  /** Rows of which the filter does not know. */
  undecided: number
  /** Undefined until the view was looked at. */
  timeWait: TimeWaitReport | undefined
  /** Connections that waited to be accepted in the look before, by port. */
  waited: ReadonlyMap<number, number> | undefined
  /** Kernel counts were not to be had: why. */
  without: string | undefined
}

/** Bytes of the machine per second, the oldest first; NaN where it was not known. */
export interface History {
  received: readonly number[]
  sent: readonly number[]
}
