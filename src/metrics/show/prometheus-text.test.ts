import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MetricSet } from '../metric-set.ts'
import { OPEN_METRICS_TYPE, prometheusText, TEXT_TYPE } from './prometheus-text.ts'

function some() {
  const set = new MetricSet()
  set.set('linsight_tcp_active_opens_total', 7)
  set.set('linsight_owners_stale', 0)
  set.addRows(['linsight_tcp_sockets'], [{ labels: { family: 'ipv4', state: 'listen' }, values: [3], weight: 0 }])
  const labels = { job: 'runqlat', key: '' }
  set.addSamples('linsight_bpf_latency_seconds', [
    { labels: { ...labels, le: '0.000001' }, value: 1, suffix: '_bucket' },
    { labels: { ...labels, le: '+Inf' }, value: 2, suffix: '_bucket' },
    { labels, value: 0.5, suffix: '_sum' },
    { labels, value: 2, suffix: '_count' },
  ])
  return set.exposition('2026-01-01T00:00:00.000Z')
}

describe('text of an answer', () => {
  test('in the form of Prometheus', async () => {
    expect(await prometheusText(some(), TEXT_TYPE)).toMatchInlineSnapshot(`
      "# HELP linsight_tcp_sockets TCP sockets by address family and state.
      # TYPE linsight_tcp_sockets gauge
      linsight_tcp_sockets{family="ipv4",state="listen"} 3

      # HELP linsight_tcp_active_opens_total Connections that were begun here.
      # TYPE linsight_tcp_active_opens_total counter
      linsight_tcp_active_opens_total 7

      # HELP linsight_bpf_latency_seconds What a job of linsight bpf measured, in buckets of powers of two of a microsecond; the sum is estimated from their middles.
      # TYPE linsight_bpf_latency_seconds histogram
      linsight_bpf_latency_seconds_bucket{job="runqlat",key="",le="0.000001"} 1
      linsight_bpf_latency_seconds_bucket{job="runqlat",key="",le="+Inf"} 2
      linsight_bpf_latency_seconds_sum{job="runqlat",key=""} 0.5
      linsight_bpf_latency_seconds_count{job="runqlat",key=""} 2

      # HELP linsight_owners_stale 1 where sockets were counted without owner because a search for it is due or under way, else 0.
      # TYPE linsight_owners_stale gauge
      linsight_owners_stale 0
      "
    `)
  })

  test('in that of OpenMetrics the family of a counter has no _total', async () => {
    const text = await prometheusText(some(), OPEN_METRICS_TYPE)
    expect(text).toContain('# TYPE linsight_tcp_active_opens counter\nlinsight_tcp_active_opens_total 7\n')
    expect(text.endsWith('\n# EOF\n')).toBe(true)
  })

  test('an answer can be rendered twice, in both forms', async () => {
    const answer = some()
    const first = await prometheusText(answer, OPEN_METRICS_TYPE)
    await prometheusText(answer, TEXT_TYPE)
    expect(await prometheusText(answer, OPEN_METRICS_TYPE)).toBe(first)
  })

  test('no value of a label makes a line more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async program => {
        const set = new MetricSet()
        const labels = { program, unit: '', container: '', state: 'x' }
        set.addRows(['linsight_tcp_process_sockets'], [{ labels, values: [1], weight: 1 }])
        const lines = (await prometheusText(set.exposition(''), TEXT_TYPE)).split('\n').filter(Boolean)
        expect(lines.length).toBe(3)
        expect(lines[2]).toMatch(/^linsight_tcp_process_sockets\{program="(?:[^"\\]|\\["\\n])*",unit="",/)
      }),
    )
  })
})
