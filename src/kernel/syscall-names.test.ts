import { constants } from 'node:os'
import { describe, expect, test } from 'vitest'
import { errnoName, isRestart } from './errno.ts'
import { syscallName, syscallTable } from './syscall-names.ts'

describe('names by number', () => {
  test.each([
    ['x86_64', 'native', 0, 'read'],
    ['x86_64', 'native', 231, 'exit_group'],
    ['x86_64', 'native', 334, 'rseq'],
    // 336 to 423 are no calls.
    ['x86_64', 'native', 424, 'pidfd_send_signal'],
    ['x86_64', 'native', 340, 'syscall_0x154'],
    ['x86_64', '32', 3, 'read'],
    ['x86_64', '32', 20, 'getpid'],
    ['x86_64', 'x32', 39, 'getpid'],
    ['x86_64', 'x32', 513, 'rt_sigreturn'],
    ['x86_64', 'x32', 999, 'syscall_0x400003e7'],
    ['aarch64', 'native', 221, 'execve'],
    ['aarch64', 'native', 63, 'read'],
    ['aarch64', '32', 11, 'execve'],
    ['riscv64', 'native', 258, 'riscv_hwprobe'],
    ['riscv64', 'native', 260, 'wait4'],
    ['loongarch64', 'native', 172, 'getpid'],
    ['s390x', 'native', 11, 'execve'],
    ['ppc64le', 'native', 11, 'execve'],
    ['m68k', 'native', 1, 'syscall_0x1'],
  ] as const)('%s %s %d is %s', (machine, abi, number, name) => {
    expect(syscallName(machine, abi, number)).toBe(name)
  })

  test.each(['x86_64', 'aarch64', 'riscv64', 's390x', 'ppc64le', 'loongarch64'])(
    '%s has one execve and a full table',
    machine => {
      const names = [...syscallTable(machine, 'native').values()]
      expect(names.filter(name => name === 'execve')).toHaveLength(1)
      expect(names.length).toBeGreaterThan(320)
    },
  )
})

test('errno names are those that this machine knows', () => {
  const known = process.platform === 'linux' ? Object.entries(constants.errno) : [['EPERM', 1] as const]
  // Two have second names.
  const aliases: Record<string, string> = { EWOULDBLOCK: 'EAGAIN', ENOTSUP: 'EOPNOTSUPP' }
  expect(known.map(([, number]) => errnoName(number))).toEqual(known.map(([name]) => aliases[name] ?? name))
  expect(errnoName(600)).toBe('errno_600')
})

test('the kernel’s restarts are none of user space’s errors', () => {
  expect([512, 513, 514, 516].every(isRestart)).toBe(true)
  expect([4, 511, 515, 517].some(isRestart)).toBe(false)
})
