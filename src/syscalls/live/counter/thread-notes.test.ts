import { expect, test } from 'vitest'
import { procOf } from '../../../../test/support/fake-proc.ts'
import { threadNotes } from './thread-notes.ts'

const PROC = procOf({
  files: {
    '7/cmdline': 'server\0-v\0',
    '7/task/7/comm': 'server\n',
    '7/comm': 'server\n',
    '9/comm': 'late\n',
    '9/status': 'Name:\tlate\nTgid:\t7\n',
  },
})

test('what runs already, what is made, what it runs, how it ends', () => {
  const { notes, ...note } = threadNotes(PROC)
  note.seed(7)
  note.take({ kind: 'fork', atNs: 0, pid: 7, tid: 7, child: 8 }, 100)
  note.take({ kind: 'exec', atNs: 0, pid: 8, oldTid: 8, comm: 'ls', path: '/bin/ls' }, 200)
  note.take({ kind: 'exit', atNs: 0, pid: 8, tid: 8, comm: 'ls' }, 300)
  note.finish([8, 9])
  expect(Object.fromEntries(notes)).toEqual({
    7: { pid: 7, comm: 'server', execs: [{ path: 'server', argv: ['server', '-v'] }] },
    8: {
      pid: 8,
      comm: 'ls',
      parentTid: 7,
      startNs: 100,
      endNs: 300,
      execs: [{ atNs: 200, path: '/bin/ls', argv: ['/bin/ls'] }],
    },
    9: { pid: 7, comm: 'late', execs: [] },
  })
})

test('the arguments of a command we hold are known; a later exec that came between is not mistaken for it', () => {
  const { notes, ...note } = threadNotes(PROC)
  note.expect(20, ['make', '-s'])
  note.take({ kind: 'exec', atNs: 0, pid: 20, oldTid: 20, comm: 'make', path: '/usr/bin/make' }, 1)
  note.expect(21, ['make', '-s'])
  note.take({ kind: 'exec', atNs: 0, pid: 21, oldTid: 21, comm: 'sh', path: '/bin/sh' }, 1)
  expect(notes.get(20)!.execs).toEqual([{ atNs: 1, path: '/usr/bin/make', argv: ['make', '-s'] }])
  expect(notes.get(21)!.execs).toEqual([{ atNs: 1, path: '/bin/sh', argv: ['/bin/sh'] }])
})
