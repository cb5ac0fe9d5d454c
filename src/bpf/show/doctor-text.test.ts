import { expect, test } from 'vitest'
import type { Check } from '../doctor/check-machine.ts'
import { createTheme } from '../../terminal/theme.ts'
import { doctorLines } from './doctor-text.ts'

const check = (code: Check['code'], severity: Check['severity'], finding: string, remedies: string[] = []): Check => ({
  code,
  severity,
  finding,
  evidence: [],
  do: remedies,
  not: [],
})
const CHECKS = [
  check('user', 'ok', 'this is root'),
  check('btf', 'critical', '/sys/kernel/btf/vmlinux is not there: no libbpf-tool loads', [
    'boot a kernel with \x1bBTF',
  ]),
  check('memlock', 'warning', 'low'),
  check('lockdown', 'unknown', 'no file tells'),
]
const text = (width: number) => [...doctorLines(CHECKS, createTheme(false), width)].join('')

test('a line for each check, what mends it below', () => {
  expect(text(Infinity)).toBe(`ok      user                this is root
fail    btf                 /sys/kernel/btf/vmlinux is not there: no libbpf-tool loads
                            → boot a kernel with \\x1bBTF
caution memlock             low
unknown lockdown            no file tells
`)
})

test.each([40, 60, 80])('no line is wider than %i columns', width => {
  for (const line of text(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width)
})
