import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { PROBE_NEEDS, canAttach } from './attach.ts'
import { checkMachine, type Check, type CheckId } from './check-machine.ts'
import { readBpfMachine } from './machine/read-machine.ts'
import { openMachine, recordedMachine } from './machine/machine-files.ts'
import { parseSnapshotEntries } from '../../proc/snapshot-format.ts'
import { fixture } from '../../../test/support/paths.ts'

const MACHINES = fixture('bpf/machines/')

const checksOf = (file: string) => checkMachine(readBpfMachine(openMachine(`${MACHINES}${file}.json`)))
const states = (checks: Check[]) => new Map(checks.map(check => [check.code, check.severity]))
const on = (checks: Check[], id: CheckId) => checks.find(check => check.code === id)!

/** The recorded root, with some files changed; `undefined` takes one away. */
function changed(change: Record<string, string | undefined>, errors: Record<string, string> = {}): Check[] {
  const { meta, entries } = parseSnapshotEntries(readFileSync(`${MACHINES}root.json`, 'utf8'), 'root')
  for (const [path, text] of Object.entries(change))
    if (text === undefined) entries.files.delete(path)
    else entries.files.set(path, Buffer.from(text))
  for (const [path, code] of Object.entries(errors)) {
    entries.files.delete(path)
    entries.errors.set(path, code)
  }
  return checkMachine(readBpfMachine(recordedMachine('test', meta, entries)))
}

describe('the doctor on recorded machines', () => {
  const usual = {
    kprobes: 'critical',
    fentry: 'critical',
    hardware: 'critical',
    cpufreq: 'critical',
    headers: 'critical',
  }
  test.each<[string, Partial<Record<CheckId, string>>, string[]]>([
    ['root', {}, ['tracepoint', 'btf', 'uprobe', 'software']],
    ['no-bpftrace', { bpftrace: 'critical' }, ['tracepoint', 'btf', 'uprobe', 'software']],
    ['no-btf', { btf: 'critical' }, ['tracepoint', 'uprobe', 'software']],
    [
      'no-tracefs',
      { tracefs: 'critical', fentry: 'unknown', 'syscall-tracepoints': 'unknown' },
      ['btf', 'uprobe', 'software'],
    ],
    [
      'not-root',
      {
        user: 'critical',
        capabilities: 'critical',
        unprivileged: 'critical',
        tracefs: 'critical',
        sampling: 'critical',
        fentry: 'unknown',
        'syscall-tracepoints': 'unknown',
      },
      [],
    ],
    ['root-without-capabilities', { capabilities: 'critical', unprivileged: 'critical', sampling: 'critical' }, []],
    ['user-namespace', { 'user-namespace': 'critical' }, []],
    ['pid-namespace', { 'pid-namespace': 'warning' }, ['tracepoint', 'btf', 'uprobe', 'software']],
  ])('%s', (file, expected, works) => {
    const checks = checksOf(file)
    const bad = Object.fromEntries([...states(checks)].filter(([, state]) => state !== 'ok'))
    expect(bad).toEqual({ container: 'warning', lockdown: 'warning', ...usual, ...expected })
    expect(PROBE_NEEDS.filter(need => canAttach(need, checks) === 'yes')).toEqual(works)
  })

  test('every recording is covered above', () => {
    expect(readdirSync(MACHINES)).toHaveLength(8)
  })

  test.each<[string, CheckId, RegExp, RegExp]>([
    [
      'not-root',
      'user',
      /^user 65534 is not root and holds neither CAP_BPF and CAP_PERFMON nor CAP_SYS_ADMIN/,
      /^sudo/,
    ],
    [
      'no-tracefs',
      'tracefs',
      /^tracefs is mounted neither on .* nor on .*: no tracepoint is found$/,
      /^mount -t tracefs tracefs \/sys\/kernel\/tracing$/,
    ],
    ['no-bpftrace', 'bpftrace', /^bpftrace is in no folder of the PATH/, /^apt-get install bpftrace$/],
    ['no-btf', 'btf', /^\/sys\/kernel\/btf\/vmlinux is not there: no libbpf-tool loads/, /boot a kernel with BTF/],
    ['root', 'kprobes', /^the kernel was built without CONFIG_KPROBES \(\/proc\/config\.gz\)/, /linsight bpf list/],
    ['user-namespace', 'user-namespace', /rootless container/, /on the host/],
    ['root-without-capabilities', 'capabilities', /^CAP_BPF, CAP_PERFMON missing/, /--cap-add BPF --cap-add PERFMON/],
    ['pid-namespace', 'pid-namespace', /other process ids/, /--pid=host/],
  ])('%s: the sentence and the remedy of %s', (file, id, finding, remedy) => {
    const check = on(checksOf(file), id)
    expect(check.finding).toMatch(finding)
    expect(check.do[0]).toMatch(remedy)
  })

  test('every failed check of every recording says what mends it or follows from one that does', () => {
    for (const file of readdirSync(MACHINES)) {
      for (const check of checksOf(file.replace('.json', '')))
        if (check.severity === 'critical' && !['fentry', 'cpufreq'].includes(check.code))
          expect(check.do[0], `${file} ${check.code}`).toBeTruthy()
    }
  })
})

describe('one change to the machine changes one answer', () => {
  const RELEASE = '6.18.44-fc-v595'
  const UTS = `lib/modules/${RELEASE}/build/include/generated/utsrelease.h`
  test.each<[string, Record<string, string | undefined>, Partial<Record<CheckId, string>>]>([
    ['kprobes', { 'sys/bus/event_source/devices/kprobe/type': '8\n' }, { kprobes: 'ok' }],
    ['fentry', { 'sys/kernel/tracing/available_filter_functions': 'vfs_read\n' }, { fentry: 'ok' }],
    ['a PMU', { 'sys/bus/event_source/devices/cpu/type': '4\n' }, { hardware: 'ok' }],
    ['an ARM PMU', { 'sys/bus/event_source/devices/armv8_pmuv3_0/type': '8\n' }, { hardware: 'ok' }],
    ['headers', { [UTS]: `#define UTS_RELEASE "${RELEASE}"\n` }, { headers: 'ok' }],
    ['wrong headers', { [UTS]: '#define UTS_RELEASE "6.12.0-1-amd64"\n' }, { headers: 'critical' }],
    ['headers in the kernel', { 'sys/kernel/kheaders.tar.xz': '' }, { headers: 'ok' }],
    [
      'confidentiality',
      { 'sys/kernel/security/lockdown': 'none integrity [confidentiality]\n' },
      { lockdown: 'critical' },
    ],
    ['no lockdown', { 'sys/kernel/security/lockdown': '[none] integrity confidentiality\n' }, { lockdown: 'ok' }],
    ['lockdown by command line', { 'proc/cmdline': 'quiet lockdown=confidentiality\n' }, { lockdown: 'critical' }],
    ['no uprobes', { 'sys/bus/event_source/devices/uprobe/type': undefined }, { uprobes: 'critical' }],
    ['a low sample rate', { 'proc/sys/kernel/perf_event_max_sample_rate': '50\n' }, { sampling: 'critical' }],
    ['hidden symbols', { 'proc/sys/kernel/kptr_restrict': '2\n' }, { symbols: 'warning' }],
    ['no JIT', { 'proc/sys/net/core/bpf_jit_enable': '0\n' }, { jit: 'warning' }],
    ['no setpriv', { 'usr/bin/setpriv': undefined }, { companions: 'warning' }],
    [
      'an old kernel',
      { 'proc/sys/kernel/osrelease': '5.4.0-42-generic\n' },
      { kernel: 'warning', memlock: 'critical' },
    ],
    ['no container', { '.dockerenv': undefined }, { container: 'ok' }],
  ])('%s', (_, change, expected) => {
    const before = states(checksOf('root'))
    const after = states(changed(change))
    const differing = [...after].filter(([id, state]) => before.get(id) !== state)
    // Wrong headers and no headers are the same answer with another sentence.
    if (expected.headers === 'critical') expect(after.get('headers')).toBe('critical')
    else expect(Object.fromEntries(differing)).toEqual(expected)
  })

  test('headers of another kernel are named', () => {
    const check = on(changed({ [UTS]: '#define UTS_RELEASE "6.12.0-1-amd64"\n' }), 'headers')
    expect(check.finding).toContain('6.12.0-1-amd64')
    expect(check.finding).toContain('wrong data')
  })

  test('a user with the two capabilities is warned about bpftrace alone', () => {
    const status = 'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t000000c000080004\nSeccomp:\t0\n'
    const checks = changed({ 'proc/self/status': status })
    expect(on(checks, 'user').severity).toBe('warning')
    expect(on(checks, 'capabilities').severity).toBe('ok')
  })

  test('a machine without any file is unknown, not broken', () => {
    const checks = checkMachine(
      readBpfMachine(recordedMachine('nothing', {}, { files: new Map(), links: new Map(), errors: new Map() })),
    )
    expect(on(checks, 'user').severity).toBe('unknown')
    expect(on(checks, 'kernel').severity).toBe('unknown')
    expect(on(checks, 'lockdown').severity).toBe('unknown')
  })
})
