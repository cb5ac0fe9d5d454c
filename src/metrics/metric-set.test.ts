import { describe, expect, test } from 'vitest'
import { FAMILIES } from './families.ts'
import { MetricSet } from './metric-set.ts'
import type { FamilyFacts } from './model.ts'

const row = (state: string, netns: string) => ({ labels: { netns, family: 'ipv4', state }, values: [1], weight: 1 })

describe('gathering series', () => {
  test('the cap is of a family, however many calls its rows come from', () => {
    const set = new MetricSet(2)
    for (const netns of ['a', 'b', 'c', 'd']) set.addRows(['linsight_tcp_sockets'], [row('listen', netns)])
    const { families } = set.exposition('')
    const [sockets, folded] = families
    expect(sockets!.samples.map(({ labels, value }) => `${labels['netns']} ${labels['state']} ${value}`)).toEqual([
      'a listen 1',
      'b listen 1',
      'other listen 2',
    ])
    expect(folded!.samples).toEqual([{ labels: { family: 'linsight_tcp_sockets' }, value: 2 }])
  })

  test('what is not known is no series', () => {
    const set = new MetricSet()
    set.set('linsight_owners_stale', undefined)
    set.set('linsight_owner_scan_age_seconds', Number.NaN)
    expect(set.exposition('').families).toEqual([])
  })
})

describe('the table of families', () => {
  const families: [string, FamilyFacts][] = Object.entries(FAMILIES)

  test.each(families)('%s follows the conventions of Prometheus', (name, { type, help, labels, keeps = [] }) => {
    expect(name).toMatch(/^linsight_[a-z0-9_]+$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    expect(help).toMatch(/^[A-Z1n].*\.$/)
    expect(name).not.toMatch(/_(?:ms|milliseconds|kb|percent|count|sum|bucket)$/)
    for (const label of labels) expect(label).toMatch(/^[a-z_]+$/)
    expect(keeps.filter(label => !labels.includes(label))).toEqual([])
  })

  test('no label could have as many values as there are processes or connections', () => {
    const never = new Set(['pid', 'inode', 'host', 'job', 'instance', 'cmdline', 'remote_port', 'le', 'quantile'])
    expect(families.flatMap(([, { labels }]) => labels).filter(label => never.has(label))).toEqual([])
  })
})
