import { expect, test } from 'vitest'
import { recordedMachine } from '../doctor/machine/machine-files.ts'
import { emptyEntries } from '../../proc/recorded-proc.ts'
import { commandTrace, orphansOf, stillRunning } from './children-left.ts'

interface Process {
  parent?: number
  session?: number
  group?: number
  start?: number
  state?: string
  leader?: number
}

function machine(processes: Record<number, Process>) {
  const entries = emptyEntries()
  for (const [pid, { parent = 1, session = 50, group = 60, start = 1000, state = 'S', leader = pid }] of Object.entries(
    processes,
  )) {
    const rest = `${state} ${parent} ${group} ${session} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${start} 0`
    entries.files.set(`proc/${pid}/stat`, Buffer.from(`${pid} (p${pid}) ${rest}\n`))
    entries.files.set(`proc/${pid}/status`, Buffer.from(`Name:\tp${pid}\nTgid:\t${leader}\n`))
  }
  return recordedMachine('test', {}, entries)
}

const command = { pid: 100, session: 50, processGroup: 60, startTicks: 900 }
/** A shell that is the leader of the session, linsight, and what adopts orphans. */
const around = { 1: { parent: 0, session: 1, start: 1 }, 50: { parent: 1, start: 10 }, 60: { parent: 50, start: 800 } }
const pids = (processes: Record<number, Process>) =>
  orphansOf(machine({ ...around, ...processes }), command).map(({ pid }) => pid)

test('what is known of a held command', () => {
  expect(commandTrace(machine({ 100: { parent: 60, start: 900, state: 'T' } }), 100)).toEqual(command)
  expect(commandTrace(machine({}), 100)).toBeUndefined()
})

test.each<[string, Record<number, Process>, number[]]>([
  ['a child that was adopted', { 101: {} }, [101]],
  ['and what it started', { 101: {}, 102: { parent: 101 } }, [101, 102]],
  ['begun before the command', { 101: { start: 899 } }, []],
  ['of another session', { 101: { session: 101 } }, []],
  ['a child of ours: the tracer', { 101: { parent: 60 } }, []],
  ['a child of the shell: another job', { 101: { parent: 50 } }, []],
  ['a zombie', { 101: { state: 'Z' } }, []],
  ['the command itself', { 100: {} }, []],
])('%s', (_, processes, left) => {
  expect(pids(processes)).toEqual(left)
})

test.each<[string, Process, boolean]>([
  ['init: of the process group of the command', {}, true],
  ['init: of another, a child of its own', { group: 101 }, false],
  ['init: begun before the command', { start: 899 }, false],
  ['another process: nothing is certain', { parent: 50 }, false],
])('the one that adopts is of the session: %s', (_, left, isNamed) => {
  const around = { 1: { parent: 0, start: 1 }, 50: { start: 10 }, 60: { parent: 50, start: 800 } }
  const found = orphansOf(machine({ ...around, 101: left, 102: { parent: 101, group: 102 } }), command)
  expect(found.map(({ pid }) => pid)).toEqual(isNamed ? [101, 102] : [])
})

test('of the threads that a tracer followed the processes that still run', () => {
  const files = machine({ 101: {}, 102: { leader: 101 }, 103: { state: 'X' }, 90: { session: 90 } })
  expect(stillRunning(files, [104, 103, 102, 101, 90])).toEqual([
    { pid: 90, comm: 'p90' },
    { pid: 101, comm: 'p101' },
  ])
})
