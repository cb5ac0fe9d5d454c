import { describe, expect, test } from 'vitest'
import { MetricSet } from '../metric-set.ts'
import { SharedAnswers } from './shared-answers.ts'

function counting() {
  let nowMs = 0
  let collections = 0
  const open: (() => void)[] = []
  const answers = new SharedAnswers(
    async () => {
      const number = (collections += 1)
      await new Promise<void>(resolve => open.push(resolve))
      if (number === 3) throw new Error('no /proc')
      const set = new MetricSet()
      set.set('linsight_owner_scans_total', number)
      return set.exposition('')
    },
    () => nowMs,
  )
  return { answers, open, later: (ms: number) => (nowMs += ms), collections: () => collections }
}

const last = (text: string) => text.trimEnd().split('\n').at(-1)

describe('answers that are shared', () => {
  test('who asks while one is made gets the same, in the form that is asked for', async () => {
    const { answers, open, collections } = counting()
    const both = [answers.text('text', 1), answers.text('openmetrics', 1)]
    open[0]!()
    const [text, openMetrics] = await Promise.all(both)
    expect(collections()).toBe(1)
    expect([last(text!), last(openMetrics!)]).toEqual(['linsight_owner_scans_total 1', '# EOF'])
  })

  test('who asks within a second gets the last one, later a new one', async () => {
    const { answers, open, later, collections } = counting()
    const first = answers.text('text', 1)
    open[0]!()
    await first
    later(999)
    await answers.text('text', 1)
    expect(collections()).toBe(1)
    later(1)
    const second = answers.text('text', 1)
    open[1]!()
    expect(last(await second)).toBe('linsight_owner_scans_total 2')
  })

  test('one that fails is not kept', async () => {
    const { answers, open, later, collections } = counting()
    for (const at of [0, 1, 2, 3]) {
      const asked = answers.text('text', 1)
      open[at]!()
      if (at === 2) await expect(asked).rejects.toThrow('no /proc')
      else await asked
      later(1000)
    }
    expect(collections()).toBe(4)
  })
})
