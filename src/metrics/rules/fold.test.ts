import { describe, expect, test } from 'vitest'
import { foldRows, type MetricRow } from './fold.ts'

const row = (program: string, value: number, state = 'established'): MetricRow => ({
  labels: { program, state },
  values: [value],
  weight: value,
})

const told = (rows: readonly MetricRow[]) => rows.map(({ labels, values }) => [...Object.values(labels), ...values])

describe('folding', () => {
  test('equal labels are summed, also where no more than may be are left', () => {
    const { kept, folded } = foldRows([row('a', 1), row('b', 2), row('a', 3)], 2)
    expect(told(kept)).toEqual([
      ['a', 'established', 4],
      ['b', 'established', 2],
    ])
    expect(folded).toBe(0)
  })

  test('the lightest become other, and what is kept is kept apart', () => {
    const rows = [row('a', 9), row('b', 1), row('c', 2), row('d', 3, 'close_wait')]
    const { kept, folded } = foldRows(rows, 1, { keeps: ['state'] })
    expect(told(kept)).toEqual([
      ['a', 'established', 9],
      ['other', 'close_wait', 3],
      ['other', 'established', 3],
    ])
    expect(folded).toBe(3)
  })

  test('no series stands twice where a program is called other', () => {
    const { kept } = foldRows([row('other', 9), row('b', 1), row('c', 2)], 1)
    expect(told(kept)).toEqual(
      [
        ['other', 'other', 3],
        ['other', 'established', 9],
      ].toReversed(),
    )
  })

  test('counters that have no series are left out, and those that came first keep theirs', () => {
    const { kept, folded } = foldRows([row('a', 0), row('b', 0), row('c', 0)], 2, { drops: true })
    expect(told(kept).map(([program]) => program)).toEqual(['a', 'b'])
    expect(folded).toBe(1)
  })

  test('a value that is not known stays so, unless another row knows it', () => {
    const unknown = { labels: { port: '1' }, values: [1, undefined], weight: 1 }
    expect(foldRows([unknown], 9).kept[0]!.values).toEqual([1, undefined])
    expect(foldRows([unknown, { ...unknown, values: [2, 5] }], 9).kept[0]!.values).toEqual([3, 5])
  })
})
