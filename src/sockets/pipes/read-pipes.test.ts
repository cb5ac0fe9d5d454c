import { expect, test } from 'vitest'
import { changing, procOf, refuse } from '../../../test/support/fake-proc.ts'
import { readPipes } from './read-pipes.ts'

const source = procOf({
  files: {
    '7/cmdline': 'w\0x\0',
    '8/cmdline': 'r\0x\0',
    '7/fdinfo/1': 'flags:\t01\n',
    '7/fdinfo/3': 'flags:\t00\n',
    '8/fdinfo/0': 'flags:\t00\n',
    '7/fdinfo/4': 'flags:\t02\neventfd-id: 3\n',
    '8/fdinfo/4': 'flags:\t02\neventfd-id: 3\n',
    '8/fdinfo/5': 'flags:\t02\neventfd-id: 9\n',
    '7/fdinfo/6': 'flags:\t01\n',
  },
  links: {
    '7/fd/1': 'pipe:[500]',
    '7/fd/3': 'pipe:[500]',
    '8/fd/0': 'pipe:[500]',
    '7/fd/4': 'anon_inode:[eventfd]',
    '8/fd/4': 'anon_inode:[eventfd]',
    '8/fd/5': 'anon_inode:[eventfd]',
    '7/fd/6': 'pipe:[501]',
    '8/fd/7': 'pipe:[502]',
    '7/fd/8': '/tmp/pipe:[9]',
    '7/fd/9': 'anon_inode:[eventfd]',
  },
  errors: { '9/fd': 'EACCES' },
})

test('what several processes have open, with directions', () => {
  const { pipes, processes, unreadable } = readPipes(source)
  expect(pipes).toEqual([
    {
      kind: 'pipe',
      id: '500',
      holders: [
        { pid: 7, program: 'w', fds: [1, 3], reads: true, writes: true },
        { pid: 8, program: 'r', fds: [0], reads: true, writes: false },
      ],
    },
    {
      kind: 'eventfd',
      id: '3',
      holders: [
        { pid: 7, program: 'w', fds: [4], reads: true, writes: true },
        { pid: 8, program: 'r', fds: [4], reads: true, writes: true },
      ],
    },
  ])
  expect([processes, unreadable]).toEqual([2, new Map([['EACCES', 1]])])
})

test('of a process also what it has alone', () => {
  expect(readPipes(source, [8]).pipes.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
    'pipe 500',
    'eventfd 3',
    'eventfd 9',
    'pipe 502',
  ])
})

test('directions that could not be read are not known', () => {
  const [pipe] = readPipes(source, [8]).pipes.slice(-1)
  expect(pipe!.holders).toEqual([{ pid: 8, program: 'r', fds: [7], reads: undefined, writes: undefined }])
})

test('who let go of it meanwhile is no holder', () => {
  let reads = 0
  const live = changing(source, {
    readLink: path => (path === '8/fd/0' && (reads += 1) > 1 ? refuse('ENOENT', path) : source.readLink(path)),
  })
  expect(readPipes(live).pipes[0]!.holders.map(({ pid }) => pid)).toEqual([7])
})
