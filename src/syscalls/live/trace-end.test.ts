import { describe, expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { commandStatus, settlesWithin, waitForEnd } from './trace-end.ts'

const never = new Promise<void>(() => {})
const PROC = procOf({ files: { '7/status': 'Name:\ta\nTgid:\t7\n' } })
const abort = () => new AbortController()

describe('tracing ends', () => {
  test('with the first of what it waits for, also where that fails', async () => {
    await waitForEnd(PROC, { until: [never, Promise.resolve()], abort: abort().signal })
    await waitForEnd(PROC, { until: [never, Promise.reject(new Error('gone'))], abort: abort().signal })
  })

  test('when its time is over', async () => {
    const from = performance.now()
    await waitForEnd(PROC, { until: [never], durationMs: 30, abort: abort().signal })
    expect(performance.now() - from).toBeGreaterThan(25)
  })

  test('when no process is left, not before', async () => {
    await waitForEnd(PROC, { until: [never], pids: [99], abort: abort().signal })
    const waiting = waitForEnd(PROC, { until: [never], pids: [7, 99], durationMs: 400, abort: abort().signal })
    expect(await settlesWithin(waiting, 250)).toBe(false)
    await waiting
  })

  test('when it is asked to, before or while it waits', async () => {
    const early = abort()
    early.abort()
    await waitForEnd(PROC, { until: [never], abort: early.signal })
    const late = abort()
    setTimeout(() => late.abort(), 10)
    await waitForEnd(PROC, { until: [never], abort: late.signal })
  })
})

test('the status of a command is the shell’s, of an attachment 0', async () => {
  const command = (exitCode: number | undefined, signal: NodeJS.Signals | undefined) => ({
    pid: 7,
    signal: () => {},
    ended: Promise.resolve({ exitCode, signal }),
  })
  expect(await commandStatus(undefined)).toBe(0)
  expect(await commandStatus(command(17, undefined))).toBe(17)
  expect(await commandStatus(command(undefined, 'SIGKILL'))).toBe(137)
})
