import { describe, expect, test } from 'vitest'
import { inetSocket, processOwner } from '../../../test/support/filter-context.ts'
import { UsageError } from '../../errors.ts'
import { failConditionOf, judge, keysOf } from './fail-conditions.ts'
import { failOnJson, metText } from './show/fail-on-text.ts'

const context = { user: () => undefined }
const of = (pid: number, count: number) =>
  Array.from({ length: count }, () => inetSocket({ state: 8 }, { owners: [processOwner({ pid, args: ['leaky'] })] }))

describe('conditions of --fail-on', () => {
  test.each([
    ['state close-wait', 'state close-wait', undefined],
    ['state close-wait by process > 100', 'state close-wait', { keys: ['process'], above: 100 }],
    ['state close-wait by process,state >= 100', 'state close-wait', { keys: ['process', 'state'], above: 99 }],
    ['sport > 80 by total gt 5', 'sport > 80', { keys: [], above: 5 }],
    ['comm = by', 'comm = by', undefined],
  ])('%s', (text, filter, limit) => expect(failConditionOf(text)).toEqual({ text, filter, limit }))

  test.each([
    ['', '--fail-on is empty'],
    ['pid = 1 by proces > 3', '--fail-on knows no key proces'],
  ])('%j is refused', (text, message) => expect(() => failConditionOf(text)).toThrow(message))

  test('a key that does not exist is answered with what was meant', () => {
    expect(() => keysOf('process,stat', '--group-by')).toThrow(UsageError)
    expect(() => keysOf('stat', '--group-by')).toThrow(expect.objectContaining({ hint: 'did you mean state?' }))
  })

  test.each([
    ['x', 0, 0, 'not-met'],
    ['x', 1, 0, 'met'],
    ['x', 0, 1, 'unknown'],
    ['x', 1, 1, 'met'],
    ['x by process > 3', 3, 0, 'not-met'],
    ['x by process > 3', 4, 0, 'met'],
    ['x by process > 3', 3, 1, 'unknown'],
    ['x by process > 3', 2, 1, 'not-met'],
    ['x by process > 3', 0, 4, 'unknown'],
    ['x by total >= 3', 2, 0, 'not-met'],
    ['x by total >= 3', 3, 0, 'met'],
  ])('%s with %i sockets, %i not known: %s', (text, count, unknown, answer) => {
    expect(judge(failConditionOf(text), of(7, count), unknown, context).answer).toBe(answer)
  })

  test('what is met names its rows, or its groups', () => {
    expect(metText(judge(failConditionOf('x'), of(7, 1), 0, context))).toBe(
      "--fail-on 'x' is met by 1 socket: tcp 10.0.0.1:8080 10.0.0.2:40000 CLOSE_WAIT 7/leaky",
    )
    expect(metText(judge(failConditionOf('x'), of(7, 7), 0, context))).toMatch(
      /^--fail-on 'x' is met by 7 sockets: .*; and 2 more$/,
    )
    const byProcess = judge(failConditionOf('x by process > 3'), [...of(7, 4), ...of(8, 3)], 2, context)
    expect(metText(byProcess)).toBe("--fail-on 'x by process > 3' is met by 1 group: 7/leaky (4 sockets)")
    expect(failOnJson(byProcess)).toEqual({
      condition: 'x by process > 3',
      answer: 'met',
      sockets: 7,
      unknownSockets: 2,
      groups: [{ values: ['7/leaky'], sockets: 4 }],
    })
  })
})
