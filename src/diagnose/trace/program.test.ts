import { describe, expect, test } from 'vitest'
import { canTrace, traceProgram, TRACEPOINTS } from './program.ts'

describe.each([undefined, '4026532000'])('the tracing program for pid namespace %s', pidNamespace => {
  const program = traceProgram({ machine: 'x86_64', pidNamespace })

  test('has a probe for every tracepoint that is asked for, and no more', () => {
    expect([...program.matchAll(/^tracepoint:(\S+:\S+)/gm)].map(([, name]) => name)).toEqual([...TRACEPOINTS])
  })

  test('holds no value that was not known, and its brackets match', () => {
    expect(program).not.toMatch(/undefined|NaN/)
    expect(program.split('{').length).toBe(program.split('}').length)
    expect(program.split('(').length).toBe(program.split(')').length)
  })

  test('counts pids of that namespace only', () => {
    expect(program.includes('4026532000')).toBe(pidNamespace !== undefined)
    expect(program).toContain(`@forks[${pidNamespace === undefined ? 'pid' : '$pid'}]`)
  })
})

test('machines whose registers are not known have none', () => {
  expect(canTrace('x86_64')).toBe(true)
  expect(canTrace('riscv64')).toBe(false)
})
