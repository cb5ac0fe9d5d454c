import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitColumns, leftOutLine, narrowed, sum } from './fit.ts'

const room = (width: number) => (count: number) => width - (count - 1)

describe('which columns stay, and how wide', () => {
  const columns = [
    { natural: 5 },
    { natural: 6 },
    { natural: 20, least: 10 },
    { natural: 40, least: 12 },
    { natural: 8 },
  ]
  test.each([
    ['all in their own width', 83, [0, 1, 2, 3, 4], [5, 6, 20, 40, 8]],
    ['one column too few: the widest is narrowed', 82, [0, 1, 2, 3, 4], [5, 6, 20, 39, 8]],
    ['to its least and the next with it', 45, [0, 1, 2, 3, 4], [5, 6, 10, 12, 8]],
    ['then the first of the order leaves, and room is used', 44, [0, 2, 3, 4], [5, 6, 14, 14, 8]],
    ['then the second', 37, [0, 2, 3], [5, 6, 15, 15, 8]],
    ['what may not leave is narrowed to what there is', 20, [0, 2, 3], [5, 6, 7, 6, 8]],
    ['below its least and even numbers', 8, [0, 2, 3], [2, 6, 2, 2, 8]],
  ])('%s', (_, width, kept, widths) => {
    const fitted = fitColumns(columns, [1, 4], room(width))
    expect(fitted.kept).toEqual(kept)
    expect(fitted.widths).toEqual(widths)
    expect(fitted.left).toEqual([0, 1, 2, 3, 4].filter(i => !kept.includes(i)))
  })

  test('the last column never leaves', () => {
    expect(fitColumns([{ natural: 30 }], [0], room(10))).toEqual({ kept: [0], widths: [10], left: [] })
  })

  test('always fits where every column can have one, and never narrows without need', () => {
    const column = fc.record({ natural: fc.nat(4000), least: fc.option(fc.nat(50), { nil: undefined }) })
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 24, max: 200 }),
        (all, width) => {
          const { kept, widths } = fitColumns(all, [...all.keys()], room(width))
          const taken = sum(kept.map(i => widths[i]!)) + kept.length - 1
          expect(taken).toBeLessThanOrEqual(width)
          if (sum(all.map(({ natural }) => natural)) + all.length - 1 <= width) expect(kept).toHaveLength(all.length)
          // Room that is left over means that nothing was narrowed.
          if (kept.some(i => widths[i]! < all[i]!.natural)) expect(taken).toBe(width)
        },
      ),
    )
  })
})

describe('narrowing', () => {
  test.each([
    ['nothing to do', [3, 4], [0, 0], 7, [3, 4]],
    ['the widest gives first', [3, 40, 10], [0, 0, 0], 20, [3, 9, 8]],
    ['none below its least', [30, 40, 10], [25, 0, 10], 41, [25, 6, 10]],
    ['least is too much: all give', [30, 40], [25, 25], 10, [5, 5]],
  ])('%s', (_, widths, least, width, fitted) => {
    expect(narrowed(widths, least, width)).toEqual(fitted)
  })
})

describe('what was left out', () => {
  test.each([
    [[], 80, '--columns NAMES', ''],
    [['Timer'], 80, '--columns NAMES', 'not shown at 80 columns: Timer (--columns NAMES shows it)\n'],
    [['Timer', 'Inode'], 80, undefined, 'not shown at 80 columns: Timer, Inode\n'],
    [
      ['Timer', 'Inode'],
      40,
      '--columns NAMES',
      'not shown at 40 columns: Timer, Inode\n(--columns NAMES shows them)\n',
    ],
  ])('%j at %i', (left, width, flag, line) => {
    expect(leftOutLine(left, width, flag)).toBe(line)
  })
})
