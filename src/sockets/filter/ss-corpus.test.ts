// What ss 7.1 selected, and what this language selects from a recording of the same moment.
import { beforeAll, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { ROOT } from '../../../test/support/paths.ts'
import { openSsZoo, selectedRows, SS_CASES } from '../../../test/support/ss-corpus.ts'
import { SS_DIFFERENCES } from '../../../test/support/ss-differences.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { FilterError } from './language/tokens.ts'

let zoo: ProcSource
beforeAll(async () => {
  zoo = await openSsZoo()
})

const differences = new Map(SS_DIFFERENCES.map(difference => [difference.id, difference]))

test('the corpus holds every expression', () => {
  expect(SS_CASES).toHaveLength(103)
  expect([...differences.keys()].filter(id => !SS_CASES.some(one => one.id === id))).toEqual([])
})

test.each(SS_CASES)('$id: $flags $expression', one => {
  const difference = differences.get(one.id)
  const expected = difference?.rows ?? (one.needs === 'error' ? 'refused' : one.rows)
  if (expected === 'refused') {
    expect(() => selectedRows(zoo, one)).toThrow(FilterError)
    return
  }
  const { rows, unknown } = selectedRows(zoo, one)
  expect(rows).toEqual(expected === 'unknown' ? [] : expected)
  expect(unknown > 0).toBe(expected === 'unknown' || difference?.alsoUnknown === true)
})

test.each(SS_DIFFERENCES)('difference $id is one, and docs/filters.md says why', ({ id, reason, rows }) => {
  const one = SS_CASES.find(candidate => candidate.id === id)!
  const wanted = one.needs === 'error' ? 'refused' : one.rows
  expect(rows).not.toEqual(wanted)
  const page = readFileSync(`${ROOT}docs/filters.md`, 'utf8')
  const row = `| \`${one.flags} ${one.expression.replaceAll('|', '\\|')}\` | ${reason} |`
  expect(page).toContain(row)
})
