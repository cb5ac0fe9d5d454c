import { expect, test } from 'vitest'
import type { SyscallProfile } from '../profile.ts'
import { foldedProfile, isFoldedByTime } from './folded.ts'

const profile = (more: Partial<SyscallProfile>): SyscallProfile => ({
  meta: { backend: 'strace-log' },
  syscalls: [],
  rejected: [],
  warnings: [],
  ...more,
})
const lines = (more: Partial<SyscallProfile>) => [...foldedProfile(profile(more))].join('')

test('microseconds of wall time for program, call and file', () => {
  const stacks: SyscallProfile['stacks'] = [
    { program: 'sh', name: 'read', abi: 'native', target: '/tmp/a;b', calls: 3, wallNs: 12_400 },
    { program: 'sh', name: 'getpid', abi: '32', calls: 1, wallNs: 2_600 },
    { program: 'sh', name: 'close', abi: 'native', calls: 1, wallNs: 100 },
  ]
  expect(lines({ stacks })).toMatch(/^sh;read;\/tmp\/a[^;]b 12\nsh;getpid \(32\) 3\n$/)
})

test('calls where there are no times, and system calls alone where there are no stacks', () => {
  expect(lines({ stacks: [{ program: 'sh', name: 'read', abi: 'native', calls: 3 }] })).toBe('sh;read 3\n')
  expect(lines({ syscalls: [{ name: 'read', abi: 'native', calls: 4, errors: 0 }] })).toBe('all;read 4\n')
})

test.each<[what: string, profile: Partial<SyscallProfile>, byTime: boolean]>([
  ['timed stacks', { stacks: [{ program: 'sh', name: 'read', abi: 'native', calls: 3, wallNs: 1 }] }, true],
  ['stacks without times', { stacks: [{ program: 'sh', name: 'read', abi: 'native', calls: 3 }] }, false],
  ['timed calls', { syscalls: [{ name: 'read', abi: 'native', calls: 4, errors: 0, wall: { totalNs: 9000 } }] }, true],
])('%s weigh time: %s', (_, more, byTime) => expect(isFoldedByTime(profile(more))).toBe(byTime))
