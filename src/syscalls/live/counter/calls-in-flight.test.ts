import { expect, test } from 'vitest'
import { procOf } from '../../../../test/support/fake-proc.ts'
import { blockedCalls } from './blocked-calls.ts'
import { callsInFlight } from './calls-in-flight.ts'
import type { CounterReading } from './counter-output.ts'

const READING: CounterReading = { atNs: 9000, cells: [], never: [], members: [], keys: 0, begun: [] }

test('calls the kernel saw begin have an age, those that wait since before have none', () => {
  const proc = (syscalls: Record<number, string>) =>
    procOf({
      files: Object.fromEntries(Object.entries(syscalls).map(([tid, text]) => [`7/task/${tid}/syscall`, text])),
    })
  const before = blockedCalls(
    proc({
      7: '0 0x5 0x7ffd 0x7f\n',
      8: '232 0x3 0x7ffd 0x7f\n',
      9: '0 0x1 0x7ffd 0x7f\n',
      10: 'running\n',
      11: '0 0x1 0x0 0x0\n',
    }),
    [7],
  )
  expect([...before.keys()]).toEqual([7, 8, 9])
  const after = blockedCalls(
    proc({ 7: '0 0x5 0x7ffd 0x7f\n', 8: '232 0x4 0x7ffd 0x7f\n', 9: '0 0x1 0x7ffd 0x7f\n' }),
    [7],
  )
  const reading = { ...READING, begun: [{ tid: 9, abi: 'native' as const, number: 0, sinceNs: 4000 }] }
  const facts = { machine: 'x86_64', readyNs: 1000, isWanted: () => true, blockedBefore: before, blockedAfter: after }
  expect(callsInFlight(reading, facts)).toEqual([
    { name: 'read', abi: 'native', tid: 9, atNs: 3000, ageNs: 5000 },
    { name: 'read', abi: 'native', tid: 7 },
  ])
  expect(callsInFlight(READING, { ...facts, isWanted: number => number !== 0 })).toEqual([])
})
