import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import type { SockStateEvent } from './sock-state-event.ts'
import { TracedProcesses } from './traced-processes.ts'

const event = (pid: number | undefined, tid: number, comm: string): SockStateEvent => ({
  pid,
  tid,
  comm,
  atS: 1,
  localAddress: '10.0.0.1',
  localPort: 40000,
  remoteAddress: '10.0.0.2',
  remotePort: 80,
  oldState: 'ESTABLISHED',
  newState: 'FIN_WAIT1',
})
const processes = (files: Record<string, string> = {}) =>
  new TracedProcesses(procOf({ files, links: { '7/ns/net': 'net:[1]' } }))
const names = ({ program, isThreadName }: { program: string; isThreadName?: true | undefined }) => [
  program,
  isThreadName === true,
]

test.each<[string, SockStateEvent, [string, boolean]]>([
  ['its first thread', event(7, 7, 'curl'), ['curl', false]],
  ['another thread', event(7, 8, 'worker'), ['worker', true]],
  ['a thread of a process that the kernel had not recorded', event(undefined, 8, 'worker'), ['worker', true]],
])('of a process that is gone: %s', (_, traced, expected) => {
  expect(names(processes().of(traced))).toEqual(expected)
})

test('a process that is there has its own name, whichever thread was traced', () => {
  const there = processes({ '7/cmdline': '/usr/bin/java\0-jar\0', '7/comm': 'java\n' })
  expect(there.of(event(7, 8, 'worker'))).toEqual({
    pid: 7,
    program: 'java',
    commandLine: '/usr/bin/java -jar',
    netns: 'net:[1]',
  })
})

test('what the first thread does later names what another did before', () => {
  const gone = processes()
  const known = gone.of(event(7, 8, 'worker'))
  expect(gone.of(event(7, 9, 'reader'))).toBe(known)
  expect(names(known)).toEqual(['worker', true])
  gone.of(event(7, 7, 'java'))
  expect(names(known)).toEqual(['java', false])
})
