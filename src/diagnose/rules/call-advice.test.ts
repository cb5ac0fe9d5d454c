import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../test/support/paths.ts'
import { findAll } from '../conclude.ts'
import { parseObservation } from '../recording.ts'
import { Scene } from '../scene.ts'
import { callAdvice } from './call-advice.ts'

const read = (name: string) => parseObservation(readFileSync(fixture(`diagnose/${name}.diag.json`), 'utf8'), name)

test.each<[name: string, cause: string, code: string, words: RegExp]>([
  ['eagain-spin', 'busy-poll', 'eagain-spin', /wait for readiness/],
  ['one-byte-reads', 'tiny-io', 'one-byte-io', /^buffer it: 4 KiB a call/],
  ['fork-storm', 'fork-storm', 'fork-storm', /do its work inside/],
  ['fsync-storm', 'fsync-storm', 'sync-storm', /group commit/],
])('%s: what helps is what trace-syscalls recommends', (name, cause, code, words) => {
  const seen = read(name)
  const finding = findAll(seen).find(one => one.cause === cause)!
  const scene = new Scene(seen)
  const process = scene.process(finding.culprit!.pid!)!
  expect(callAdvice(scene, process, code)).toHaveLength(1)
  expect(finding.do).toEqual(callAdvice(scene, process, code))
  expect(finding.do[0]).toMatch(words)
})

test('nothing of a process that made no such calls', () => {
  const scene = new Scene(read('h-idle'))
  expect(scene.processes.flatMap(process => callAdvice(scene, process, 'sync-storm', 'eagain-spin'))).toEqual([])
})
