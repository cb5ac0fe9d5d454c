import { expect, test } from 'vitest'
import { bccProbes, bpftraceProbes, compilesProgram, countTimers } from './tool-script.ts'

const SCRIPT = `#!/usr/bin/env bpftrace
BEGIN { }
tracepoint:syscalls:sys_enter_kill,
t:syscalls:sys_enter_tkill /1/ { }
  kr:vfs_read { }
kfunc:vfs_write { }
profile:hz:99 { }
u:/bin/bash:readline { }
interval:s:1 { }
// kprobe:commented
END { }
`

test('probes of a bpftrace script, in the words of a BPF object; timers trace nothing', () => {
  expect(bpftraceProbes(SCRIPT).map(probe => probe.section)).toEqual([
    'tracepoint/syscalls/sys_enter_kill',
    'tracepoint/syscalls/sys_enter_tkill',
    'kretprobe/vfs_read',
    'fentry/vfs_write',
    'perf_event',
    'uprobe//bin/bash/readline',
  ])
  expect(countTimers(SCRIPT)).toBe(3)
})

test.each([
  ['TRACEPOINT_PROBE(a, b)', ['tracepoint/']],
  ['b.attach_kprobe(event="x")', ['kprobe/']],
  ['int kprobe__vfs_read(', ['kprobe/']],
  ['b.attach_tracepoint(); b.attach_kprobe()', ['tracepoint/']],
  ['b.attach_perf_event(); USDT(pid)', ['perf_event', 'uprobe/']],
  ['print("nothing")', []],
])('probes of the BCC tool %j', (text, sections) => {
  expect(bccProbes(text).map(probe => probe.section)).toEqual(sections)
})

test.each([
  ['b = BPF(text=x)', true],
  ['exec ugc -l java', true],
  ['import bcc', false],
])('%j compiles a program: %s', (text, compiles) => {
  expect(compilesProgram(text)).toBe(compiles)
})
