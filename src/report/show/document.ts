import type { Severity } from '../../statement.ts'
import type { Document, Envelope, Remarks } from '../../terminal/json.ts'
import type { ReportData, ReportInput } from '../model.ts'

/** Document of `linsight report`: what was written. */
export interface ReportSavedDocument extends Envelope, Remarks {
  schema: 'linsight/report-saved/1'
  file: string
  bytes: number
  redacted: boolean
  inputs: ReportInput[]
  /** Severity → findings. */
  findings: Partial<Record<Severity, number>>
  /** Rows in the table of sockets. */
  sockets: number
}

/** The document `linsight/report-saved/1`. */
export function reportSavedDocument(data: ReportData, file: string, bytes: number): Document<ReportSavedDocument> {
  const { inputs, redacted } = data
  const [first] = inputs
  const findings: Partial<Record<Severity, number>> = {}
  for (const { severity } of data.findings) findings[severity] = (findings[severity] ?? 0) + 1
  return {
    what: 'report-saved',
    origin: {
      host: first?.host,
      takenAt: first?.takenAt,
      source: [...new Set(inputs.map(({ name }) => name))].join(', '),
    },
    facts: { file, bytes, redacted, inputs, findings, sockets: data.sockets?.count ?? 0 },
  }
}
