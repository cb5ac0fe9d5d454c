import { expect, test } from 'vitest'
import { createTheme } from '../../terminal/theme.ts'
import type { Check } from '../doctor/check-machine.ts'
import { doctorLines } from './doctor-text.ts'

const CHECKS = [
  {
    code: 'kernel-config',
    severity: 'ok',
    finding: 'the kernel was built with all that tracing wants',
    evidence: [],
    do: [],
    not: [],
  },
  {
    code: 'tracefs',
    severity: 'critical',
    finding: 'tracefs is not mounted, so no tracepoint\x1b[2J can be found and nothing attaches to any of them',
    evidence: [],
    do: ['mount -t tracefs tracefs /sys/kernel/tracing'],
    not: [],
  },
] as unknown as Check[]
const text = (width: number) => [...doctorLines(CHECKS, createTheme(false), width)].join('')

test('in a pipe: one line a check', () => {
  expect(text(Infinity)).toBe(
    `ok      kernel-config       the kernel was built with all that tracing wants
fail    tracefs             tracefs is not mounted, so no tracepoint\\x1b[2J can be found and nothing attaches to any of them
                            → mount -t tracefs tracefs /sys/kernel/tracing
`,
  )
})

test('80 columns: findings go on below themselves', () => {
  expect(text(80)).toBe(`ok      kernel-config       the kernel was built with all that tracing wants
fail    tracefs             tracefs is not mounted, so no tracepoint\\x1b[2J can
                            be found and nothing attaches to any of them
                            → mount -t tracefs tracefs /sys/kernel/tracing
`)
})

test('40 columns: findings stand below their code', () => {
  expect(text(40)).toBe(`ok      kernel-config
  the kernel was built with all that
  tracing wants
fail    tracefs
  tracefs is not mounted, so no
  tracepoint\\x1b[2J can be found and
  nothing attaches to any of them
  → mount -t tracefs tracefs
  /sys/kernel/tracing
`)
})
