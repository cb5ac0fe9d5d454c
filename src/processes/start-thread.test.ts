import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isProcessorFree, startThread } from './start-thread.ts'

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

test.each([
  ['0.52 0.58 0.59 1/316 27104\n', 2, true],
  ['9.00 9.00 9.00 1/316 27104\n', 2, true],
  ['0.00 0.00 0.00 2/316 27104\n', 2, false],
  ['0.00 0.00 0.00 3/316 27104\n', 4, true],
  ['0.00 0.00 0.00 1/316 27104\n', 1, false],
  ['', 8, false],
])('%j on %d processors: a free one %s', (loadavg, processors, isFree) => {
  expect(isProcessorFree(loadavg, processors)).toBe(isFree)
})
