// What ss 7.1 selected, and what this language selects from a recording of the same moment.
import { beforeAll, describe, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { ROOT } from '../../../test/support/paths.ts'
import { openSsZoo, openSsZooWithKernel, selectedRows, SS_CASES, type SsCase } from '../../../test/support/ss-corpus.ts'
import { SS_DIFFERENCES } from '../../../test/support/ss-differences.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { FilterError } from './language/tokens.ts'

let zoo: ProcSource
let asked: ProcSource
beforeAll(async () => {
  zoo = await openSsZoo()
  asked = await openSsZooWithKernel()
})

const differences = new Map(SS_DIFFERENCES.map(difference => [difference.id, difference]))

test('the corpus holds every expression', () => {
  expect(SS_CASES).toHaveLength(103)
  expect([...differences.keys()].filter(id => !SS_CASES.some(one => one.id === id))).toEqual([])
})

describe.each(SS_CASES)('$id: $flags $expression', one => {
  const { rows, withKernel, alsoUnknown = false } = differences.get(one.id) ?? {}
  const bySs = one.needs === 'error' ? 'refused' : one.rows

  test('from the tables of /proc', () => {
    expectRows(zoo, one, rows ?? bySs, alsoUnknown)
  })

  test("with the kernel's own answer", () => {
    const withBound = bySs === 'refused' ? bySs : [...bySs, ...one.onlyBound]
    expectRows(asked, one, (withKernel === 'same' ? rows : withKernel) ?? withBound, alsoUnknown)
  })
})

function expectRows(
  source: ProcSource,
  one: SsCase,
  expected: readonly number[] | 'refused' | 'unknown',
  alsoUnknown: boolean,
): void {
  if (expected === 'refused') {
    expect(() => selectedRows(source, one)).toThrow(FilterError)
    return
  }
  const { rows, unknown } = selectedRows(source, one)
  expect(rows).toEqual(expected === 'unknown' ? [] : expected.toSorted((a, b) => a - b))
  expect(unknown > 0).toBe(expected === 'unknown' || alsoUnknown)
}

test.each(SS_DIFFERENCES)('difference $id is one, and docs/filters.md says why', ({ id, reason, rows, withKernel }) => {
  const one = SS_CASES.find(candidate => candidate.id === id)!
  const bySs = one.needs === 'error' ? 'refused' : one.rows
  expect([rows ?? bySs, (withKernel === 'same' ? rows : withKernel) ?? bySs]).not.toEqual([bySs, bySs])
  const page = readFileSync(`${ROOT}docs/filters.md`, 'utf8')
  expect(page).toContain(`| \`${one.flags} ${one.expression.replaceAll('|', '\\|')}\` | ${reason} |`)
})
