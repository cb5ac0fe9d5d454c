import { Registry, type RegistryContentType } from 'prom-client'
import type { Exposition, MetricFamily, Sample } from '../model.ts'

export const TEXT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE
export const OPEN_METRICS_TYPE = Registry.OPENMETRICS_CONTENT_TYPE

/** The text of an answer, in the form of Prometheus or of OpenMetrics. */
export function prometheusText({ families }: Exposition, type: RegistryContentType): Promise<string> {
  const registry = new Registry<RegistryContentType>()
  registry.setContentType(type)
  for (const family of families) registry.registerMetric(rendered(family) as never)
  return registry.metrics()
}

/** What the registry asks of a metric: its name, which it changes for OpenMetrics, and its values. */
function rendered({ name, help, type, samples }: MetricFamily) {
  return {
    name: name as string,
    type,
    get() {
      return { name: this.name, help, type, values: samples.map(sample => valueOf(name, sample)) }
    },
  }
}

function valueOf(name: string, { labels, value, suffix }: Sample) {
  return suffix === undefined ? { labels, value } : { labels, value, metricName: `${name}${suffix}` }
}
