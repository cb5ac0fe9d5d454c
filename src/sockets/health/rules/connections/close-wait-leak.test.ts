import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { connection, later, once, twice } from '../../../../../test/support/health-looks.ts'
import { closeWaitLeak } from './close-wait-leak.ts'

const closed = (count: number, first = 1) =>
  Array.from({ length: count }, (_, i) =>
    connection(first + i, { state: TCP_STATE.closeWait, inode: String(5000 + first + i), pid: 7 }),
  )
const limited = (openFilesLimit: number) => ({ now: { processes: { 7: { openFilesLimit } } } })

test('the same sockets wait for a close() in both looks', () => {
  expect(twice(closeWaitLeak, closed(50))).toMatchInlineSnapshot(`
    [
      {
        "code": "close-wait-leak",
        "culprit": {
          "cmdline": "app",
          "comm": undefined,
          "container": undefined,
          "pid": 7,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 7,
            "program": "app",
          },
        ],
        "do": [
          "fix that program: a close() is missing where read() returned 0",
          "a restart gives the descriptors back",
        ],
        "doing": undefined,
        "evidence": [
          "50 in CLOSE_WAIT, 50 of them in both looks (a leak from 50 on), as 127.0.0.1:80 with 127.0.0.1:1",
        ],
        "finding": "app (pid 7) does not close 50 connections that the other side has closed",
        "measured": [
          {
            "source": "net/tcp",
            "threshold": "closeWaitSockets",
            "value": 50,
          },
        ],
        "not": [
          "any sysctl: none ends a CLOSE_WAIT",
          "raising the limit of open files: it is reached later",
        ],
        "reach": 50,
        "says": "does not close 50 connections that the other side has closed",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test('growing: for how long there are descriptors', () => {
  const [found] = twice(closeWaitLeak, closed(50), closed(60), limited(1024))
  expect(found).toMatchObject({ severity: 'warning' })
  expect(found!.evidence).toContain(
    'they take 60 of its 1024 descriptors (/proc/7/limits), 10 more in 2.0 s: full in 3 min at most',
  )
})

test.each([
  ['few descriptors are left', closed(50), limited(52)],
  ['the end is less than a minute away', closed(60), limited(300)],
])('critical: %s', (_, now, looks) => {
  expect(twice(closeWaitLeak, closed(50), now, looks)).toMatchObject([{ severity: 'critical' }])
})

test('one look needs more of them', () => {
  expect(once(closeWaitLeak, closed(199))).toEqual([])
  expect(once(closeWaitLeak, closed(200))[0]!.evidence[0]).toContain('whether they last is not known')
})

describe('silent', () => {
  test.each([
    ['one fewer', twice(closeWaitLeak, closed(49))],
    ['others than before', twice(closeWaitLeak, closed(50), closed(50, 1000))],
    [
      'they were open before',
      twice(
        closeWaitLeak,
        closed(50).map(socket => later(socket, { state: TCP_STATE.established })),
        closed(50),
      ),
    ],
    [
      'nobody has accepted them',
      twice(
        closeWaitLeak,
        closed(50).map(socket => later(socket, { inode: '0' })),
      ),
    ],
    [
      'they are of two programs',
      twice(closeWaitLeak, [...closed(25), ...closed(25, 100).map(socket => ({ ...socket, owners: [] }))]),
    ],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
