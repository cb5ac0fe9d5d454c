import { expect, test } from 'vitest'
import { StraceLogReader } from './log-reader.ts'

function rows(...lines: string[]) {
  const reader = new StraceLogReader()
  reader.push(Buffer.from(`${lines.join('\n')}\n`))
  return reader.end().syscalls.map(({ name, abi, calls, errors, errnos }) => ({ name, abi, calls, errors, errnos }))
}

test('calls of another table are calls of their own', () => {
  expect(
    rows('7 close(3) = 0', '[ Process PID=8 runs in 32 bit mode. ]', '8 close(3) = 0', '8 close(4) = 0').map(
      ({ name, abi, calls }) => [name, abi, calls],
    ),
  ).toEqual([
    ['close', 'native', 1],
    ['close', '32', 2],
  ])
})

test('errnos by name, where a number means the same on every architecture; one that is none of the kernel is unknown', () => {
  expect(
    rows(
      'x() = -1 EIO (Input/output error)',
      'x() = -1 (errno 38)',
      'x() = -1 (errno 5)',
      'x() = -1 (errno 18446744073709551595)',
      'x() = -1 (errno 18446744073709551594)',
    ),
  ).toEqual([{ name: 'x', abi: 'native', calls: 5, errors: 5, errnos: { EIO: 2, 'errno 38': 1, unknown: 2 } }])
})

test('what rt_sigreturn "returns" is no error', () => {
  expect(rows('rt_sigreturn({mask=[]}) = -1 EINTR (Interrupted system call)')).toMatchObject([{ calls: 1, errors: 0 }])
})

test('more names than any log has are counted as others, and no call is lost', () => {
  const all = rows(...Array.from({ length: 5000 }, (_, i) => `name${i}() = 0`))
  expect(all.reduce((sum, row) => sum + row.calls, 0)).toBe(5000)
  expect(all.find(({ name }) => name === 'other')!.calls).toBeGreaterThan(800)
})
