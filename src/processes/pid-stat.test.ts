import { expect, test } from 'vitest'
import { isKernelThread, parsePidStat, withoutAddresses } from './pid-stat.ts'

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
    flags: 4_194_304,
    minorFaults: 0,
    majorFaults: 0,
    cpuTicks: 0,
    nice: 0,
    rssPages: 0,
    blockIoTicks: 0,
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
    flags: 0,
    minorFaults: 0,
    majorFaults: 0,
    cpuTicks: 0,
    nice: 0,
    rssPages: 0,
    blockIoTicks: 0,
    startTicks: 4242,
  })
})

test('times, faults and memory where the line is whole', () => {
  const line =
    '7 (app) D 1 7 7 0 -1 2097152 11 0 3 0 40 2 0 0 39 19 5 0 900 4096 250 0 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 42 0 0\n'
  const stat = parsePidStat(Buffer.from(line))!
  expect(stat).toMatchObject({
    minorFaults: 11,
    majorFaults: 3,
    cpuTicks: 42,
    nice: 19,
    threads: 5,
    rssPages: 250,
    blockIoTicks: 42,
  })
  expect(isKernelThread(stat)).toBe(true)
})

test('without addresses it is what the kernel shows to whom the process is not theirs', () => {
  const full =
    '7 (a) b) S 1 7 7 0 -1 4194304 143 0 0 0 5 6 0 0 20 0 1 0 363718 2990080 424 18446744073709551615 93976459501568 93976459519497 140729318863600 140729318863000 93976459501999 0 0 6 0 1 0 0 17 1 0 0 9 0 0 93976459533584 93976459534848 93977356271616 140729318865627 140729318865637 140729318865637 140729318866921 0\n'
  const shown =
    '7 (a) b) S 1 7 7 0 -1 4194304 143 0 0 0 5 6 0 0 20 0 1 0 363718 2990080 424 18446744073709551615 1 1 0 0 0 0 0 6 0 1 0 0 17 1 0 0 9 0 0 0 0 0 0 0 0 0 0\n'
  expect(withoutAddresses(Buffer.from(full)).toString()).toBe(shown)
  expect(withoutAddresses(Buffer.from(shown)).toString()).toBe(shown)
  expect(parsePidStat(withoutAddresses(Buffer.from(full)))).toEqual(parsePidStat(Buffer.from(full)))
})

test.each(['', 'no bracket', `82 (sleep) ${REST}\n`, '2 (kthreadd) S 0 0'])('%j has none', text => {
  expect(withoutAddresses(Buffer.from(text)).toString()).toBe(text)
})
