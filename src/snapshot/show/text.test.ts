import { expect, test } from 'vitest'
import type { SnapshotSummary } from '../model.ts'
import { summaryText } from './text.ts'

const summary: SnapshotSummary = {
  processes: 14,
  files: 90,
  links: 210,
  namespaces: [
    { netns: 'net:[1]', folder: 'net', sockets: { tcp: 64, unix: 47 } },
    { netns: undefined, folder: '9/net', sockets: {} },
  ],
  unreadable: new Map([['EACCES', ['1/fd', '2/fd', '3/fd', '4/fd']]]),
}

test('a summary for people', () => {
  const meta = {
    host: 'zoo',
    kernel: '6.18.44',
    arch: 'x86_64',
    endian: 'little',
    takenAt: '2026-11-20T10:00:00Z',
  } as const
  expect(summaryText({ ...meta, uid: 0, redacted: true }, summary)).toBe(
    `Host      zoo
Kernel    6.18.44, x86_64, little-endian
Taken     2026-11-20T10:00:00Z, by user 0
Redacted  yes: addresses, names and arguments are pseudonyms
Holds     14 processes, 90 files, 210 links

Network namespace net:[1], in net/
  tcp 64, unix 47

Network namespace unknown, in 9/net/
  no sockets

Not readable when it was taken
  EACCES 4: 1/fd, 2/fd, 3/fd, …
`,
  )
})

test('what is not known is said, and what is hostile is escaped', () => {
  const hostile = { ...summary, namespaces: [], unreadable: new Map([['E\x1b', ['\xff/fd']]]) }
  expect(summaryText({ host: 'a\x1b[2J' }, hostile)).toBe(
    String.raw`Host      a\x1b[2J
Kernel    unknown
Taken     unknown
Redacted  no
Holds     14 processes, 90 files, 210 links

Not readable when it was taken
  E\x1b 1: \xff/fd
`,
  )
})

test('more namespaces than are listed are counted', () => {
  const [namespace] = summary.namespaces
  const many = { ...summary, namespaces: Array.from({ length: 103 }, () => namespace!), unreadable: new Map() }
  expect(summaryText({}, many)).toMatch(/\n\n… and 3 more namespaces\n$/)
})
