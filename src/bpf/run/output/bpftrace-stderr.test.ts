import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseBpftraceStderr, saysSomething } from './bpftrace-stderr.ts'
import { fixture } from '../../../../test/support/paths.ts'

const folder = fixture('bpf/json/')

test.each([
  [
    "stdin:1:33-47: ERROR: Struct/union of type 'x' does not contain a field named 'nosuch'",
    {
      kind: 'error',
      text: "Struct/union of type 'x' does not contain a field named 'nosuch'",
      at: { line: 1, columns: [33, 47] },
    },
  ],
  ['WARNING: could not attach probe kprobe:vfs_read, skipping.', { kind: 'skipped', probe: 'kprobe:vfs_read' }],
  ['stdin:3-5: WARNING: x', { kind: 'warning', text: 'x', at: { line: 3 } }],
  ['stdin:2:7: ERROR: y', { kind: 'error', text: 'y', at: { line: 2, columns: [7, 7] } }],
  ['No probes to attach', { kind: 'error', text: 'No probes to attach' }],
  ['ERROR: Error attaching probe: kprobe:x', { kind: 'error', text: 'Error attaching probe: kprobe:x' }],
  ['WARNING: Total lost event count: 309', { kind: 'lost', events: 309 }],
  ["ERROR: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.", undefined],
  ['WARNING: BPFTRACE_STRLEN is deprecated. Use BPFTRACE_MAX_STRLEN instead.', undefined],
  ['           ~~~~~~~~~~~', undefined],
  ['', undefined],
])('%s', (line, fact) => {
  expect(parseBpftraceStderr(line)).toEqual(fact)
})

test.each([
  ['perf_event_open failed: No such file or directory', true],
  ["ERROR: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.", false],
  ['    ~~~~', false],
])('%s can be a reason: %s', (line, says) => {
  expect(saysSomething(line)).toBe(says)
})

const failed = readdirSync(folder).filter(file => /^err_(?!noargs).*\.err$/.test(file))
test.each(failed)('%s: at least one error is recognised', file => {
  const lines = readFileSync(`${folder}${file}`, 'latin1').split('\n')
  // 0.17 says that nothing attached on stdout, and aborts on a probe type it does not know.
  const facts = lines.map(parseBpftraceStderr).filter(fact => fact?.kind === 'error')
  expect(facts.length, lines.join('\n')).toBeGreaterThan(0)
})
