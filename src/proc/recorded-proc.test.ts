import { describe, expect, test } from 'vitest'
import { SourceReadError } from '../errors.ts'
import { recordedProc } from './recorded-proc.ts'

const source = recordedProc(
  'snapshot',
  'test',
  {},
  {
    files: new Map([
      ['1/net/tcp', Buffer.from('rows')],
      ['1/fd/', Buffer.alloc(0)],
      ['1/exe', Buffer.from('/usr/bin/checked-out')],
    ]),
    links: new Map([
      ['self', '1'],
      ['net', 'self/net'],
      ['loop', 'loop2'],
      ['loop2', 'loop'],
      ['1/cwd', '/srv'],
    ]),
    errors: new Map([['2', 'EACCES']]),
  },
)
const codeOf = (read: () => unknown) => {
  try {
    return read()
  } catch (error) {
    expect(error).toBeInstanceOf(SourceReadError)
    return (error as SourceReadError).code
  }
}

describe('a recording in memory', () => {
  test.each([
    ['a file', () => source.readFile('1/net/tcp').toString(), 'rows'],
    ['through links within it', () => source.readFile('net/tcp').toString(), 'rows'],
    ['a link', () => source.readLink('1/cwd'), '/srv'],
    ['a link that was checked out as a file', () => source.readLink('1/exe'), '/usr/bin/checked-out'],
    ['an empty folder', () => source.list('1/fd'), []],
    ['a folder through links', () => source.list('net'), ['tcp']],
    ['what was refused when it was made', () => source.readFile('2/status'), 'EACCES'],
    ['what it does not hold', () => source.readFile('3/status'), 'ENOENT'],
    ['a circle of links', () => source.readFile('loop/x'), 'ENOENT'],
  ])('%s', (_, read, result) => {
    expect(codeOf(read)).toEqual(result)
  })
})
