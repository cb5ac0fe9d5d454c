import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { readBpfMachine } from '../../bpf/index.ts'
import { recordedMachine } from '../../bpf/doctor/machine/machine-files.ts'
import { MachineError } from '../../errors.ts'
import { emptyEntries, recordedProc } from '../../proc/recorded-proc.ts'
import { parseSnapshotEntries } from '../../proc/snapshot-format.ts'
import { chooseTracer } from './choose-tracer.ts'
import type { BackendChoice, TraceLiveOptions } from './contract.ts'

const MACHINES = fileURLToPath(new URL('../../../fixtures/bpf/machines/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'choose-tracer-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program that says a version and does nothing else. */
function program(name: string, version: string): string {
  const file = join(folder, `${name} ${version}`)
  writeFileSync(file, `#!/bin/sh\necho "${version}"\n`)
  chmodSync(file, 0o755)
  return file
}

interface Change {
  /** Effective user and capabilities, as /proc/self/status spells them. */
  uid?: number
  capabilities?: string
  bpftrace?: string | undefined
  tracepoints?: boolean
}

/** A recorded machine whose bpftrace and syscount are programs of this test. */
function machineOf(file: string, change: Change = {}) {
  const { meta, entries } = parseSnapshotEntries(readFileSync(`${MACHINES}${file}.json`, 'utf8'), file)
  const status = entries.files.get('proc/self/status')!.toString('latin1')
  const { uid, capabilities } = change
  entries.files.set(
    'proc/self/status',
    Buffer.from(
      status
        .replace(/^Uid:.*$/m, line => (uid === undefined ? line : `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`))
        .replace(/^CapEff:.*$/m, line => (capabilities === undefined ? line : `CapEff:\t${capabilities}`)),
    ),
  )
  if (change.tracepoints !== false)
    for (const name of [
      'raw_syscalls/sys_enter',
      'raw_syscalls/sys_exit',
      'sched/sched_switch',
      'sched/sched_process_exec',
    ])
      entries.files.set(`sys/kernel/tracing/events/${name}/format`, Buffer.from('name: x\n'))
  const files = recordedMachine(file, meta, entries)
  const facts = readBpfMachine(files)
  const version = 'bpftrace' in change ? change.bpftrace : 'bpftrace v0.24.1'
  return {
    proc: recordedProc('snapshot', 'processes', {}, emptyEntries()),
    files,
    facts: {
      ...facts,
      programs: {
        ...facts.programs,
        bpftrace: version && program('bpftrace', version),
        tools: facts.programs.tools
          .filter(tool => tool.name === 'syscount' && tool.family === 'libbpf')
          .map(tool => ({ ...tool, path: program('syscount', 'syscount 0.1') })),
      },
    },
  }
}

const options = (backend: BackendChoice, more: Partial<TraceLiveOptions> = {}): TraceLiveOptions => ({
  target: { kind: 'pids', pids: [1] },
  backend,
  followChildren: true,
  wallOnly: false,
  expressions: [],
  byThread: false,
  needsLog: false,
  ...more,
})

const refused = async (machine: ReturnType<typeof machineOf>, backend: BackendChoice = 'auto') => {
  const error: unknown = await chooseTracer(machine, [], options(backend)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(MachineError)
  return error as MachineError
}

/** CAP_BPF 39, CAP_PERFMON 38, CAP_DAC_READ_SEARCH 2; without the last tracefs, which is root's, stays closed. */
const BPF_AND_PERFMON = '000000c000000004'

describe('which tracer counts on a recorded machine', () => {
  test('root: bpftrace', async () => {
    const { tracer, because } = await chooseTracer(machineOf('root'), [], options('auto'))
    expect(tracer).toMatchObject({ backend: 'bpftrace', version: '0.24.1' })
    expect(because).toBe('eBPF works here and costs least')
  })

  test('CAP_BPF and CAP_PERFMON without root: bpftrace', async () => {
    const machine = machineOf('root', { uid: 1000, capabilities: BPF_AND_PERFMON })
    expect((await chooseTracer(machine, [], options('auto'))).tracer.backend).toBe('bpftrace')
  })

  test('the same with a bpftrace that wants root: the version is named', async () => {
    const machine = machineOf('root', { uid: 1000, capabilities: BPF_AND_PERFMON, bpftrace: 'bpftrace v0.23.2' })
    const error = await refused(machine)
    expect(error.message).toMatch(/bpftrace 0\.23\.2 refuses every user but root; from 0\.24 on/)
    expect(error.hint).toMatch(/^run it as root \(sudo\), or install a newer bpftrace; or, .* --backend strace$/)
  })

  test('one process, and a bpftrace that wants root: syscount, which does not', async () => {
    const machine = machineOf('root', { uid: 1000, capabilities: BPF_AND_PERFMON, bpftrace: 'bpftrace v0.23.2' })
    const { tracer } = await chooseTracer(machine, [], options('auto', { followChildren: false }))
    expect(tracer.backend).toBe('syscount')
  })

  test.each<[string, string, Change, string, RegExp, RegExp]>([
    [
      'CAP_BPF alone',
      'root',
      { uid: 1000, capabilities: '0000008000000004' },
      'not-permitted',
      /^eBPF cannot count system calls here: user 1000 is not root and holds neither/,
      /^run it as root \(sudo\)$/,
    ],
    ['no right at all', 'not-root', {}, 'not-permitted', /user 65534 is not root/, /^run it as root \(sudo\)$/],
    [
      'root without capabilities',
      'root-without-capabilities',
      {},
      'not-permitted',
      /CAP_BPF, CAP_PERFMON missing/,
      /--cap-add BPF --cap-add PERFMON/,
    ],
    ['a user namespace', 'user-namespace', {}, 'not-permitted', /user namespace of its own/, /on the host/],
    ['a pid namespace', 'pid-namespace', {}, 'no-kernel-support', /BPF programs see other process ids/, /--pid=host/],
    [
      'no tracefs',
      'no-tracefs',
      {},
      'no-kernel-support',
      /tracefs is mounted neither/,
      /^mount -t tracefs tracefs \/sys\/kernel\/tracing$/,
    ],
    [
      'no such tracepoint',
      'root',
      { tracepoints: false },
      'no-kernel-support',
      /no tracepoint raw_syscalls:sys_enter$/,
      /CONFIG_FTRACE_SYSCALLS/,
    ],
    [
      'no bpftrace',
      'no-bpftrace',
      { bpftrace: undefined },
      'tool-missing',
      /bpftrace is not installed$/,
      /^apt-get install bpftrace$/,
    ],
  ])('%s: refused with the remedy of the doctor', async (_, file, change, code, message, remedy) => {
    const error = await refused(machineOf(file, change), 'bpf')
    expect(error).toMatchObject({ code })
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(remedy)
  })
})
