import type { MetricRow } from './fold.ts'

/** What is taken of the document of linsight diagnose. */
interface FoundJson {
  findings?: { cause?: unknown; severity?: unknown; culprit?: { comm?: unknown } | undefined }[]
}

/** Longer names are none of ours. */
const MOST_CHARACTERS = 128

/** Findings as series; undefined where the text is no document of linsight diagnose. Its names are escaped already. */
export function findingRows(text: string): MetricRow[] | undefined {
  let document: FoundJson & { schema?: unknown }
  try {
    document = JSON.parse(text) as typeof document
  } catch {
    return undefined
  }
  if (document.schema !== 'linsight/diagnose/1' || !Array.isArray(document.findings)) return undefined
  return document.findings.map(({ cause, severity, culprit }) => ({
    labels: { cause: word(cause), severity: word(severity), program: word(culprit?.comm) },
    values: [1],
    weight: severity === 'critical' ? 2 : 1,
  }))
}

const word = (value: unknown) => (typeof value === 'string' ? value.slice(0, MOST_CHARACTERS) : '')
