import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binPath, fixture } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MACHINES = fixture('bpf/machines/')
const folder = temporaryFolder()
const linsight = (...args: string[]) => runBin('linsight', ['bpf', ...args])

describe('bpf doctor --from', () => {
  test.each<[string, number, RegExp[]]>([
    [
      'root',
      0,
      [/^works here: {5}tracepoint, btf, uprobe, software$/m, /^does not work: {2}kprobe, fentry, hardware, cpufreq$/m],
    ],
    [
      'not-root',
      1,
      [
        /^fail {4}user {16}user 65534 is not root and holds neither CAP_BPF and CAP_PERFMON nor CAP_SYS_ADMIN, so no BPF program loads\n {28}→ sudo linsight bpf …$/m,
      ],
    ],
    [
      'no-tracefs',
      1,
      [
        /^fail {4}tracefs {13}tracefs is mounted neither on .*\n {28}→ mount -t tracefs tracefs \/sys\/kernel\/tracing$/m,
      ],
    ],
    [
      'no-bpftrace',
      0,
      [/^fail {4}bpftrace {12}bpftrace is in no folder of the PATH.*\n {28}→ apt-get install bpftrace$/m],
    ],
    ['no-btf', 0, [/^fail {4}btf {17}\/sys\/kernel\/btf\/vmlinux is not there.*\n {28}→ boot a kernel with BTF/m]],
  ])('%s ends with %i and says why', (file, status, expected) => {
    const run = linsight('doctor', '--from', `${MACHINES}${file}.json`)
    expect(run.status).toBe(status)
    expect(run.stderr).toBe('')
    for (const text of expected) expect(run.stdout).toMatch(text)
  })

  test('--json is one document with the same checks', () => {
    const text = linsight('doctor', '--from', `${MACHINES}no-btf.json`).stdout
    const run = linsight('doctor', '--from', `${MACHINES}no-btf.json`, '--json')
    const document = JSON.parse(run.stdout) as {
      schema: string
      checks: { code: string; severity: string; finding: string }[]
      works: object
    }
    expect(document).toMatchObject({ schema: 'linsight/bpf-doctor/1', host: 'vm', warnings: [], unreadable: {} })
    expect(document.works).toMatchObject({ tracepoint: 'yes', btf: 'no', kprobe: 'no' })
    expect(document.checks.length).toBeGreaterThanOrEqual(20)
    const words: Record<string, string> = { warning: 'caution', critical: 'fail' }
    for (const { code, severity, finding } of document.checks) {
      expect(text).toContain(finding)
      expect(text).toMatch(new RegExp(`^${words[severity] ?? severity} +${code} `, 'm'))
    }
  })

  test('what --record wrote gives the same answer again', () => {
    const file = join(folder, 'again.json')
    const first = linsight('doctor', '--from', `${MACHINES}no-tracefs.json`, '--record', file)
    const second = linsight('doctor', '--from', file)
    expect(second.stdout).toBe(first.stdout)
    expect(second.status).toBe(first.status)
  })

  test('a hostile recording is escaped', () => {
    const document = JSON.parse(readFileSync(`${MACHINES}root.json`, 'utf8')) as { files: Record<string, string> }
    document.files['proc/sys/kernel/osrelease'] = '6.1\u001b[2J\u202e'
    const file = join(folder, 'hostile.json')
    writeFileSync(file, JSON.stringify(document))
    const { stdout } = linsight('doctor', '--from', file)
    expect(stdout).toContain('Linux 6.1\\x1b[2J\\u202e')
    expect(stdout).not.toMatch(/[\u001b\u202e]/)
  })

  test.each<[string[], number, string]>([
    [['doctor', '--from', '/nonexistent'], 4, 'there is no recording at /nonexistent'],
    [['doctor', '--from', binPath('linsight')], 4, 'is neither a snapshot nor a tar archive'],
    [
      ['doctor', '--from', `${MACHINES}root.json`, '--record', '/nonexistent/x'],
      4,
      'the snapshot /nonexistent/x could not be written',
    ],
    [['doctor', '--from', `${MACHINES}root.json`, '--versions'], 2, '--versions runs tools'],
    [['doctor', '--frobnicate'], 2, 'there is no flag --frobnicate'],
    [['list', '--from', '/nonexistent'], 4, 'there is no recording'],
  ])('%j ends with %i', (args, status, message) => {
    const run = linsight(...args)
    expect(run.status).toBe(status)
    expect(run.stderr).toContain(message)
    expect(run.stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
  })
})

describe('bpf list --from', () => {
  test('a table of jobs, the reason where they do not work', () => {
    const good = linsight('list', '--from', `${MACHINES}root.json`)
    expect(good.stdout).toMatch(/^NAME +HERE +THROUGH +SHOWS$/m)
    expect(good.stdout).toMatch(/^tcpconnect +yes +bpftrace/m)
    const bad = linsight('list', 'execsnoop', '--from', `${MACHINES}user-namespace.json`)
    expect(bad.stdout).toMatch(/^execsnoop +(no|unknown) /m)
  })

  test('WORD, in table and JSON alike', () => {
    const text = linsight('list', 'TCP', '--from', `${MACHINES}root.json`).stdout
    const names = text
      .split('\n')
      .slice(1)
      .filter(line => line !== '')
      .map(line => line.split(' ')[0])
    const { entries } = JSON.parse(linsight('list', 'TCP', '--json', '--from', `${MACHINES}root.json`).stdout) as {
      entries: { name: string }[]
    }
    expect(names).toContain('tcplife')
    expect(entries.map(entry => entry.name)).toEqual(names)
    expect(names.length).toBeLessThan(40)
  })

  test('a WORD nothing has', () => {
    expect(linsight('list', 'no-such-word', '--from', `${MACHINES}root.json`).status).toBe(1)
  })
})
