import { expect, test } from 'vitest'
import { readBpfMachine } from '../doctor/machine/read-machine.ts'
import { recordedMachine } from '../doctor/machine/machine-files.ts'
import { findJob } from '../jobs/catalog.ts'
import { missingProbes, programContext } from './context.ts'

const FORMAT = '\tfield:const char * filename;\toffset:16;\tsize:8;\tsigned:0;\n'
const EVENTS = 'sys/kernel/tracing/events'

/** A machine that has these files only. */
function contextOf(files: Record<string, string>, object?: string) {
  const entries = {
    files: new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
    links: new Map<string, string>(),
    errors: new Map<string, string>(),
  }
  const recorded = recordedMachine('test', {}, entries)
  const machine = readBpfMachine(recorded)
  return programContext({ files: recorded, machine }, { filter: {}, intervalS: 1, object }, [1])
}

const machine = {
  [`${EVENTS}/syscalls/sys_enter_openat/format`]: FORMAT,
  'sys/kernel/tracing/available_events': '',
  'proc/self/maps': '7f00-7f01 r-xp 0 fd:00 7 /opt/x/libc.so.6\n',
}

test('tracepoints and their fields are those of tracefs', () => {
  const context = contextOf(machine)
  expect(context.hasTracepoint('syscalls:sys_enter_openat')).toBe(true)
  expect(context.hasTracepoint('syscalls:sys_enter_openat', 'filename')).toBe(true)
  expect(context.hasTracepoint('syscalls:sys_enter_openat', 'flags')).toBe(false)
  expect(context.hasTracepoint('syscalls:sys_enter_open')).toBe(false)
})

test('libc is the one that this process runs with, or the file that the user names', () => {
  expect(contextOf(machine).objectPath('libc')).toBe('/opt/x/libc.so.6')
  expect(contextOf({}).objectPath('libc')).toBeUndefined()
  expect(contextOf(machine, '/opt/musl.so').objectPath('libc')).toBe('/opt/musl.so')
})

test('probes that a job cannot do without', () => {
  const missing = missingProbes(findJob('opensnoop')!, contextOf(machine)).map(probe => probe.target)
  expect(missing).toContain('syscalls:sys_exit_openat')
  expect(missing).not.toContain('syscalls:sys_enter_openat')
  expect(missingProbes(findJob('gethostlatency')!, contextOf({}))).toMatchObject([{ target: 'libc:getaddrinfo' }])
})
