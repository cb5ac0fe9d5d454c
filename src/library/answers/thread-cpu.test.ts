import { Worker } from 'node:worker_threads'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { needs } from '../../../test/support/needs.ts'
import { threadCpuMs } from './thread-cpu.ts'

const BUSY_MS = 200

test('the work of other threads does not count', needs('Linux'), async () => {
  const other = new Worker(`const end = performance.now() + ${BUSY_MS}; while (performance.now() < end);`, {
    eval: true,
  })
  const before = threadCpuMs()
  const ofProcess = process.cpuUsage()
  await once(other, 'exit')
  const own = threadCpuMs() - before
  const { user, system } = process.cpuUsage(ofProcess)
  expect((user + system) / 1000 - own).toBeGreaterThan(BUSY_MS / 2)
})

test('work of its own does', () => {
  const before = threadCpuMs()
  const { user } = process.cpuUsage()
  while (process.cpuUsage().user - user < 20_000);
  expect(threadCpuMs() - before).toBeGreaterThan(5)
})
