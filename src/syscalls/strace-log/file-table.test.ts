import { describe, expect, test } from 'vitest'
import { isPeerName } from './file-table.ts'
import { StraceLogReader } from './log-reader.ts'

function read(lines: readonly string[], files = true) {
  const reader = new StraceLogReader({ files })
  reader.push(Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
  return reader.end()
}

describe('the file of a call', () => {
  test.each([
    ['read(3</etc/passwd>, "x", 9) = 4', '/etc/passwd'],
    ['openat(AT_FDCWD, "/a", O_RDONLY) = 3', '/a'],
    ['openat(AT_FDCWD</home/me>, "a", O_RDONLY) = -1 ENOENT (No such file or directory)', '/home/me/a'],
    ['openat(AT_FDCWD</home/me>, "a", O_RDONLY) = 3</mnt/a>', '/mnt/a'],
    ['openat(5</>, "a", O_RDONLY) = 3', '/a'],
    ['stat("/a\\"b\\303\\251", {}) = 0', '/a"b\xc3\xa9'],
    ['newfstatat(3</dir>, "", {}, AT_EMPTY_PATH) = 0', '/dir'],
  ])('%s', (line, name) => {
    expect(read([line]).files!.map(file => file.name)).toEqual([name])
  })

  test.each(['getpid() = 7', 'read(3, "x", 9) = 4', 'mmap(NULL, 9) = 0x7f'])('%s has none', line => {
    expect(read([line]).files).toEqual([])
  })
})

test('calls, errors, bytes and times of a file', () => {
  const [file] = read([
    'openat(AT_FDCWD, "/a", O_RDWR) = 3</a> <0.000001>',
    'read(3</a>, "x", 9) = 4 <0.000002>',
    'write(3</a>, "xy", 2) = 2 <0.000003>',
    'write(3</a>, "xy", 2) = -1 EIO (Input/output error) <0.000004>',
    'stat("/a", {}) = 0 <0.000005>',
  ]).files!
  expect(file).toEqual({
    name: '/a',
    calls: 5,
    errors: 1,
    missing: 0,
    stats: 1,
    reopens: 0,
    readBytes: 4,
    writtenBytes: 2,
    wallNs: 15_000,
  })
})

test('opens count again for the process that had opened the file before', () => {
  const open = (tid: number) => `${tid} openat(AT_FDCWD, "/a", O_RDONLY) = 3`
  const reopens = (tids: number[]) => read(tids.map(open)).files![0]!.reopens
  expect(reopens([7, 7, 7])).toBe(2)
  expect(reopens([7, 8, 9])).toBe(0)
  expect(reopens([7, 7, 8, 8])).toBe(2)
})

test('by default only opens, misses and questions are told apart by file', () => {
  const names = read(
    [
      'openat(AT_FDCWD, "/opened", O_RDONLY) = 3',
      'unlink("/gone") = 0',
      'unlink("/missing") = -1 ENOENT (No such file or directory)',
      'access("/asked", R_OK) = 0',
      'read(3</read>, "", 9) = 9',
    ],
    false,
  ).lookups!.map(file => file.name)
  expect(names).toEqual(['/opened', '/missing', '/asked'])
})

test.each([
  ['TCP:[127.0.0.1:1->127.0.0.1:2]', true],
  ['UDPv6:[[::1]:53]', true],
  ['socket:[99]', true],
  ['UNIX-STREAM:[1->2]', true],
  ['pipe:[4]', false],
  ['/TCP:[x]', false],
])('%s is a peer: %s', (name, expected) => {
  expect(isPeerName(name)).toBe(expected)
})
