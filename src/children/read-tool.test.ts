import { needs } from '../../test/support/needs.ts'
import { expect, test } from 'vitest'
import { readTool } from './read-tool.ts'

const sh = (script: string, limits?: Parameters<typeof readTool>[2]) => readTool('/bin/sh', ['-c', script], limits)

test('what a tool prints and how it ends', async () => {
  expect(await sh('echo out; echo err >&2; exit 3')).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 3 })
})

test('one that does not answer is killed, and that is said', needs('sleep'), async () => {
  await expect(sh('sleep 60', { timeoutMs: 200 })).rejects.toThrow(/did not answer within 0\.2 s and was killed/)
})

test('one that prints without end is not kept whole', async () => {
  const { stdout } = await sh('head -c 3000000 /dev/zero', { maxBytes: 1e6 })
  expect(stdout.length).toBeLessThanOrEqual(1e6)
})
