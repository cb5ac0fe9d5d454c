import type { AnsweredHostJson, SilentHostJson } from '../../fleet/index.ts'
import type { Document, Envelope, Facts, Origin, Remarks } from '../../terminal/json.ts'
import type { DiagnosisReport } from '../model.ts'
import { diagnoseDocument, type DiagnoseDocument } from './document.ts'
import { diagnosisText, type DiagnosisText } from './text.ts'

/** Document of `linsight diagnose --host`: what is wrong on which host. */
export interface FleetDiagnoseDocument extends Envelope, Remarks<Record<string, Record<string, number>>> {
  schema: 'linsight/fleet-diagnose/1'
  /** Every host that was asked, in the order of the command line. */
  hosts: DiagnosedHostJson[]
  /** Host → errno name → processes whose descriptors were refused. */
  unreadable: Record<string, Record<string, number>>
}

/** A host that answered has a diagnosis. */
export type DiagnosedHostJson = (AnsweredHostJson & { diagnosis: Facts<DiagnoseDocument> }) | SilentHostJson

export type DiagnosedHost = { host: AnsweredHostJson; report: DiagnosisReport } | { host: SilentHostJson }

/** The document `linsight/fleet-diagnose/1`. */
export function fleetDiagnoseDocument(
  origin: Origin,
  hosts: readonly DiagnosedHost[],
): Document<FleetDiagnoseDocument> {
  return {
    what: 'fleet-diagnose',
    origin,
    facts: {
      hosts: hosts.map(one =>
        'report' in one ? { ...one.host, diagnosis: diagnoseDocument(origin, one.report).facts } : one.host,
      ),
    },
    unreadable: Object.fromEntries(
      hosts.flatMap(one =>
        'report' in one && Object.keys(one.report.unreadable).length > 0
          ? [[one.host.host, one.report.unreadable]]
          : [],
      ),
    ),
  }
}

const VERDICTS: Readonly<Record<DiagnosisReport['verdict'], number>> = { critical: 0, warning: 1, 'nothing-found': 2 }

/** A section for each host that answered, those where most is wrong first. */
export function* fleetDiagnosisText(hosts: readonly DiagnosedHost[], options: DiagnosisText): Generator<string> {
  const answered = hosts.filter(one => 'report' in one)
  for (const { host, report } of answered.toSorted((a, b) => VERDICTS[a.report.verdict] - VERDICTS[b.report.verdict])) {
    yield `${options.theme.heading(`== ${host.host}`)}\n`
    yield* diagnosisText(report, options)
    yield '\n'
  }
}
