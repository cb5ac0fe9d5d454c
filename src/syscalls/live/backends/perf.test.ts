import { expect, test } from 'vitest'
import type { SyscallStats } from '../../profile.ts'
import { uncountedThreads } from './perf.ts'

const row = (name: string, calls: number, errors = 0): SyscallStats => ({ name, abi: 'native', calls, errors })

test('threads and children that were made are told as not counted', () => {
  expect(uncountedThreads([row('clone3', 5), row('clone', 6, 1), row('read', 9)])).toMatchObject([
    { code: 'threads-uncounted', message: expect.stringMatching(/^10 threads or children were made/) },
  ])
  expect(uncountedThreads([row('read', 9), row('clone', 1, 1)])).toEqual([])
})
