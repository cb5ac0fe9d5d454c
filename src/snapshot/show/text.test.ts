import { describe, expect, test } from 'vitest'
import type { SnapshotSummary } from '../model.ts'
import { summaryText } from './text.ts'

const META = {
  host: 'web1\x1b[2J',
  kernel: '6.1.0-25-amd64',
  arch: 'x86_64',
  endian: 'little',
  takenAt: '2026-02-03T04:05:06.000Z',
  uid: 0,
} as const
const SUMMARY: SnapshotSummary = {
  processes: 3,
  files: 40,
  links: 17,
  namespaces: [
    { netns: 'net:[4026531840]', folder: 'net', sockets: { tcp: 12, tcp6: 4, udp: 3, unix: 101, netlink: 9 } },
    { netns: undefined, folder: '7/net', sockets: {} },
  ],
  unreadable: new Map([['EACCES', ['1/fd', '2/fd', '3/fd', '4/fd']]]),
}

describe('the summary of a recording', () => {
  test('in a pipe: a line for each fact', () => {
    expect(summaryText(META, SUMMARY, Infinity)).toBe(`Host      web1\\x1b[2J
Kernel    6.1.0-25-amd64, x86_64, little-endian
Taken     2026-02-03T04:05:06.000Z, by user 0
Redacted  no
Holds     3 processes, 40 files, 17 links

Network namespace net:[4026531840], in net/
  tcp 12, tcp6 4, udp 3, unix 101, netlink 9

Network namespace unknown, in 7/net/
  no sockets

Not readable when it was taken
  EACCES 4: 1/fd, 2/fd, 3/fd, …
`)
  })

  test('40 columns: lines go on below themselves', () => {
    expect(summaryText({ redacted: true }, SUMMARY, 40)).toBe(`Host      unknown
Kernel    unknown
Taken     unknown
Redacted  yes: addresses, names and
          arguments are pseudonyms
Holds     3 processes, 40 files, 17
          links

Network namespace net:[4026531840], in
  net/
  tcp 12, tcp6 4, udp 3, unix 101,
    netlink 9

Network namespace unknown, in 7/net/
  no sockets

Not readable when it was taken
  EACCES 4: 1/fd, 2/fd, 3/fd, …
`)
  })

  test('what is hostile is escaped, in paths too', () => {
    const hostile = { ...SUMMARY, namespaces: [], unreadable: new Map([['E\x1b', ['\xff/fd']]]) }
    expect(summaryText(META, hostile, Infinity)).toMatch(/^ {2}E\\x1b 1: \\xff\/fd$/m)
  })

  test('more namespaces than are of use are counted', () => {
    const many = { ...SUMMARY, namespaces: Array.from({ length: 103 }, () => SUMMARY.namespaces[1]!) }
    expect(summaryText(META, many, 80)).toContain('\n… and 3 more namespaces\n')
  })
})
