import { expect, test } from 'vitest'
import { StraceLogReader } from './log-reader.ts'

test('calls and time by program, call and file', () => {
  const reader = new StraceLogReader({ stacks: true })
  reader.push(
    Buffer.from(
      [
        '7 close(3</a>) = 0',
        '7 execve("/bin/sh", ["sh"], 0x7) = 0 <0.1>',
        '7 read(3</a>, "x", 9) = 1 <0.2>',
        '7 read(3</a>, "x", 9) = 1 <0.3>',
        '7 read(4</b>, "x", 9) = 1',
        '',
      ].join('\n'),
    ),
  )
  expect(reader.end().stacks).toEqual([
    { program: 'pid 7', name: 'close', abi: 'native', target: '/a', calls: 1, wallNs: undefined },
    { program: 'pid 7', name: 'execve', abi: 'native', target: '/bin/sh', calls: 1, wallNs: 1e8 },
    { program: 'sh', name: 'read', abi: 'native', target: '/a', calls: 2, wallNs: 5e8 },
    { program: 'sh', name: 'read', abi: 'native', target: '/b', calls: 1, wallNs: undefined },
  ])
})
