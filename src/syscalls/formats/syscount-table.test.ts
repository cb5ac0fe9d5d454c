import { expect, test } from 'vitest'
import { parseSyscount } from './syscount-table.ts'

const nameOf = (number: number) => `number_${number}`

test('tables with and without times, of several intervals, with calls newer than the tool', () => {
  const text = [
    'Tracing syscalls, printing top 10... Ctrl+C to quit.',
    '[14:13:08]',
    'SYSCALL                   COUNT        TIME (us)',
    'getppid                     101           43.454',
    '[unknown: 451]                2            1.000',
    '[14:13:09]',
    'SYSCALL                   COUNT        TIME (us)',
    'getppid                       9            0.546',
    'read                          7',
  ].join('\n')
  expect(parseSyscount(text, nameOf)).toEqual([
    { name: 'getppid', calls: 110, wallNs: 44_000 },
    { name: 'number_451', calls: 2, wallNs: 1000 },
    { name: 'read', calls: 7, wallNs: undefined },
  ])
})

test.each(['getppid  x', 'getppid', 'get ppid 5', 'getppid 5 y'])('%s is no row', line => {
  expect(parseSyscount(line, nameOf)).toEqual([])
})
