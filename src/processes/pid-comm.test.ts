import { expect, test } from 'vitest'
import { procOf } from '../../test/support/fake-proc.ts'
import { readComm } from './pid-comm.ts'

test('the name of a process or thread: one newline of the kernel taken off, all other bytes kept', () => {
  const source = procOf({ files: { '8/comm': 'a\n\xff \n', '8/task/9/comm': 'worker\n' } })
  expect([readComm(source, 8), readComm(source, '8/task/9')]).toEqual(['a\n\xff ', 'worker'])
})

test('a process that has ended has none', () => {
  expect(readComm(procOf({}), 8)).toBeUndefined()
})
