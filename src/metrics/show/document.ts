import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'
import type { Exposition, Labels, MetricType } from '../model.ts'

/** Document of `linsight metrics print`. */
export interface MetricsDocument extends Envelope, Remarks {
  schema: 'linsight/metrics/1'
  families: FamilyJson[]
}

/** A family with its series. */
export interface FamilyJson {
  /** As Prometheus knows it: `linsight_tcp_sockets`. */
  name: string
  type: MetricType
  help: string
  samples: SampleJson[]
}

/** One value. */
export interface SampleJson {
  labels: Labels
  value: number
  /** Of a histogram: `_bucket`, `_sum` or `_count`. */
  suffix?: '_bucket' | '_sum' | '_count' | undefined
}

/** The document `linsight/metrics/1`. */
export function metricsDocument(origin: Origin, { families }: Exposition): Document<MetricsDocument, 'families'> {
  return {
    what: 'metrics',
    origin,
    lists: {
      families: families.map(({ name, type, help, samples }) => ({ name, type, help, samples: [...samples] })),
    },
    facts: {},
  }
}
