import { expect, test } from 'vitest'
import type { WhoClosed } from '../who/who-closed.ts'
import { whoClosedText } from './who-closed-text.ts'

const process = { pid: 7, program: 'curl' }
const who: WhoClosed = {
  tracedS: 3,
  closers: [8080, 8081].map(port => ({ process, role: 'client', address: '127.0.0.1', port, count: 5 })),
  refused: [8080, 8081].map(remotePort => ({ process, remoteAddress: '127.0.0.1', remotePort, count: 2 })),
  connections: [],
  counted: { timeWait: 10, overflowed: 0 },
  explained: 10,
  foreign: 0,
  lostEvents: 0,
}

test('processes of one program and destination are one row; JSON has each', () => {
  const kids = [9, 7, 8].map(pid => ({
    process: { pid, program: 'kid', commandLine: 'kid --once\x1b' },
    role: 'client' as const,
    address: '127.0.0.1',
    port: 8080,
    count: 1,
  }))
  const text = whoClosedText({ ...who, closers: kids, refused: [] }, { borders: false, top: 5, width: Infinity })
  expect(text).toContain('kid              3 pids  client  127.0.0.1:8080            3  kid --once\\x1b\n')
})

test('the name of a thread is called so', () => {
  const process = { pid: 9, program: 'worker', isThreadName: true as const }
  const text = whoClosedText(
    { ...who, closers: [{ ...who.closers[0]!, process }], refused: [{ ...who.refused[0]!, process }] },
    { borders: false, top: 5, width: Infinity },
  )
  expect(text.match(/^thread worker +9 /gm)).toHaveLength(2)
})

test('what --top leaves out is said below either table', () => {
  expect(whoClosedText(who, { borders: false, top: 1, width: Infinity })).toBe(
    `closed first, traced for 3.0 s: 10 of 10 explained
CLOSED FIRST BY  PID  AS      OF              CONNECTIONS  COMMAND
curl               7  client  127.0.0.1:8080            5
1 more: --top 2
FOUND NO LOCAL PORT  PID  TOWARDS         EADDRNOTAVAIL
curl                   7  127.0.0.1:8080              2
1 more: --top 2
`,
  )
})
