import { expect, test } from 'vitest'
import { parsePidStat } from './pid-stat.ts'

const REST = 'S 1 82 81 34816 83 4194304 0 0 0 0 0 0 0 0 20 0 3 0 4242 0'

test('fields of a process', () => {
  expect(parsePidStat(Buffer.from(`82 (sleep) ${REST}\n`))).toEqual({
    comm: 'sleep',
    state: 'S',
    parentPid: 1,
    processGroup: 82,
    session: 81,
    terminal: 34816,
    foregroundGroup: 83,
    threads: 3,
    startTicks: 4242,
  })
})

test.each(['', '82 sleep S 1', `82 ) ( ${REST}`, '82 (sleep) S 1 82 82', `82 (sleep) ${REST.replace('4242', 'x')}`])(
  '%j is no stat',
  text => expect(parsePidStat(Buffer.from(text))).toBeUndefined(),
)

test('a command name may hold brackets, blanks and newlines', () => {
  const stat = parsePidStat(Buffer.from(`82 (a) S (b\nc) S 1 82 82 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 4242 0\n`))
  expect(stat).toEqual({
    comm: 'a) S (b\nc',
    state: 'S',
    parentPid: 1,
    processGroup: 82,
    session: 82,
    terminal: 0,
    foregroundGroup: -1,
    threads: 3,
    startTicks: 4242,
  })
})
