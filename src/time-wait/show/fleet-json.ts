import type { AnsweredHostJson, SilentHostJson } from '../../fleet/index.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import type { TimeWaitReport } from '../model.ts'
import { timeWaitJson, type TimeWaitJson } from './json.ts'

/** Document of `tw-stats --host`: TIME_WAIT of several hosts. */
export interface FleetTimeWaitDocument extends Envelope, Remarks<Record<string, Record<string, string>>> {
  schema: 'linsight/fleet-time-wait/1'
  /** Every host that was asked, in the order of the command line. */
  hosts: TimeWaitHostJson[]
  /** Host → path below /proc → errno name. */
  unreadable: Record<string, Record<string, string>>
}

/** A host that answered has a report. */
export type TimeWaitHostJson = (AnsweredHostJson & { report: TimeWaitJson }) | SilentHostJson

/** A host with its report, where it answered. */
export type TimeWaitHost = { host: AnsweredHostJson; report: TimeWaitReport } | { host: SilentHostJson }

/** The document `linsight/fleet-time-wait/1`. */
export function fleetTimeWaitDocument(
  origin: Origin,
  hosts: readonly TimeWaitHost[],
  top?: number,
): Document<FleetTimeWaitDocument> {
  return {
    what: 'fleet-time-wait',
    origin,
    facts: { hosts: hosts.map(host => hostJson(host, top)) },
    unreadable: Object.fromEntries(
      hosts.flatMap(one =>
        'report' in one && Object.keys(one.report.unreadable).length > 0
          ? [[one.host.host, one.report.unreadable]]
          : [],
      ),
    ),
  }
}

function hostJson(one: TimeWaitHost, top: number | undefined): TimeWaitHostJson {
  if (!('report' in one)) return one.host
  const { lists, facts } = timeWaitJson(one.report, top)
  return { ...one.host, report: { ...lists, ...facts } }
}
