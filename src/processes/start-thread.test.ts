import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startThread } from './start-thread.ts'

test('runs the text of a program with its data', async () => {
  const thread = startThread(
    "const { parentPort, workerData } = require('node:worker_threads'); parentPort.postMessage(workerData * 2)",
    { workerData: 21 },
  )
  expect(await once(thread!, 'message')).toEqual([42])
})

test('a program that fails ends its thread and nothing else', async () => {
  const thread = startThread("throw new Error('no')", {})!
  expect(await new Promise(resolve => thread.once('exit', resolve))).toBe(1)
})

test('without a program there is no thread', () => {
  expect(startThread(undefined, {})).toBeUndefined()
})
