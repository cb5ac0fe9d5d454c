import { expect, test } from 'vitest'
import { parseHeader, parseRow } from './tool-columns.ts'

const rowOf = (header: string, line: string, tool = 'x') => parseRow(line, parseHeader(header, tool)!)

const OPEN = 'PID    COMM              FD ERR PATH'
const KILL = 'TIME                 PID COMM                    SIG     TPID RESULT'

test.each([
  [
    OPEN,
    '446    npm i              5   0 /etc/hosts ',
    { pid: 446, comm: 'npm i', fd: 5, err: 0, path: '/etc/hosts ' },
  ],
  [OPEN, '1234567 a                -1   2 /', { pid: 1_234_567, comm: 'a', fd: -1, err: 2, path: '/' }],
  [
    KILL,
    '11:51:33.073241    19634 a name of 15 b.  SIGHUP    19805      0',
    { time: '11:51:33.073241', pid: 19_634, comm: 'a name of 15 b.', sig: 'SIGHUP', tpid: 19_805, result: 0 },
  ],
  [
    KILL,
    '11:51:33.073241    19634 python3             SIGUSR1    19805     -1',
    { time: '11:51:33.073241', pid: 19_634, comm: 'python3', sig: 'SIGUSR1', tpid: 19_805, result: -1 },
  ],
  [
    'PID    OLDSTATE    -> NEWSTATE',
    '7      SYN_SENT    -> ESTABLISHED',
    { pid: 7, oldstate: 'SYN_SENT', newstate: 'ESTABLISHED' },
  ],
  ['PID    EXIT_CODE', '7      signal 9 (Killed)', { pid: 7, signal: 9, signalText: 'Killed' }],
  ['PID    EXIT_CODE', '7      code 2', { pid: 7, exitCode: 2 }],
  // A text where a number must be, and words beyond the last column.
  [OPEN, 'x      npm                5   0 /etc/hosts', undefined],
  ['PID    TID', '7      8      9', undefined],
])('%j: %j', (header, line, values) => {
  expect(rowOf(header, line)).toEqual(values)
})

test.each(['one word', 'PID', 'NEW THING OTHER', 'Tracing kill() signals... Hit Ctrl-C to end.', ''])(
  '%j is no header',
  line => {
    expect(parseHeader(line, 'x')).toBeUndefined()
  },
)
