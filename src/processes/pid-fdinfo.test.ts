import { describe, expect, test } from 'vitest'
import { parseIoUringSockets, parseScmFds } from './pid-fdinfo.ts'

const RING =
  'pos:\t0\nSqMask:\t0x7\nUserFiles:\t3\n    0: socket:[2221543]\n    1: /tmp/a socket:[7]\n    2: socket:[9]\n'

describe('sockets registered with an io_uring', () => {
  test.each([
    ['those below UserFiles, and no other file', RING, ['2221543', '9']],
    ['none before that line', 'pos:\t0\n    0: socket:[7]\nUserFiles:\t0\n', []],
    ['no ring at all', 'pos:\t0\nflags:\t02\n', []],
  ])('%s', (_, text, inodes) => {
    expect(parseIoUringSockets(Buffer.from(text))).toEqual(inodes)
  })
})

describe('files in flight to a unix socket', () => {
  test.each([
    ['counted by the kernel', 'pos:\t0\nscm_fds: 17\n', 17],
    ['a kernel before 5.5 does not count', 'pos:\t0\nflags:\t02\n', 0],
    ['only a line of its own counts', 'pos:\t0 scm_fds: 17\n', 0],
  ])('%s', (_, text, count) => {
    expect(parseScmFds(Buffer.from(text))).toBe(count)
  })
})
