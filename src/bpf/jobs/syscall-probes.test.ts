import { expect, test } from 'vitest'
import { syscallProbes } from './syscall-probes.ts'

test('beginning and end of each call; what is not required may be missing', () => {
  expect(syscallProbes(['open', 'openat'], ['openat'])).toEqual([
    { kind: 'tracepoint', target: 'syscalls:sys_enter_open', optional: true },
    { kind: 'tracepoint', target: 'syscalls:sys_exit_open', optional: true },
    { kind: 'tracepoint', target: 'syscalls:sys_enter_openat', optional: false },
    { kind: 'tracepoint', target: 'syscalls:sys_exit_openat', optional: false },
  ])
})
