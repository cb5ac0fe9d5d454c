// linsight report: what is in the page, who may read it, and that every command reads it back.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ReportData } from '../../src/report/model.ts'
import { pageRecordings } from '../../src/files/page-recordings.ts'
import { withMachine } from '../support/library.ts'
import { fixture, ZOO } from '../support/paths.ts'
import { runBin } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { bpfRecording } from '../support/bpf-recording.ts'

const DIAGNOSIS = fixture('diagnose/accept-queue-full.diag.json')
const LOG = fixture('strace/zoo.log')
const OPENS = fixture('bpf/opensnoop.ndjson')
const folder = temporaryFolder()

function report(name: string, ...args: string[]): string {
  const file = join(folder, name)
  // Far from UTC: a page tells times of everywhere.
  const { status, stderr } = runBin('linsight', ['report', ...args, '-o', file], { env: { TZ: 'Asia/Kolkata' } })
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('readable by you alone') })
  return file
}

function dataOf(html: string): ReportData {
  const [, base64] = /id="data">([^<]*)</.exec(html)!
  return JSON.parse(gunzipSync(Buffer.from(base64!, 'base64')).toString('utf8')) as ReportData
}

let all: string
beforeAll(() => {
  all = report('all.html', ZOO, DIAGNOSIS, LOG, OPENS)
})

describe('the file', () => {
  test('is readable by its owner alone, also where it was there', () => {
    expect(statSync(all).mode & 0o777).toBe(0o600)
    const there = join(folder, 'there.html')
    writeFileSync(there, '', { mode: 0o644 })
    report('there.html', ZOO)
    expect(statSync(there).mode & 0o777).toBe(0o600)
  })

  test('allows exactly its own script and style, and holds no address to fetch from', () => {
    const html = readFileSync(all, 'utf8')
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html)!
    const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(([, text]) => text!)
    const [, style] = /<style>([^]*?)<\/style>/.exec(html)!
    expect(scripts).toHaveLength(1)
    expect(policy).toBe(
      `default-src 'none'; script-src ${hashOf(scripts[0]!)}; style-src ${hashOf(style!)}; img-src data:; base-uri 'none'; form-action 'none'`,
    )
    expect(html).not.toMatch(/ (?:src|href|on\w+)="(?!data:,")|style="|@import|url\(/)
    // Nothing of a recording stands in it as text.
    expect(html).not.toContain('orders-api')
    expect(html).not.toContain('10.0.0.')
  })

  test('holds data of its schema', () => {
    const data = dataOf(readFileSync(all, 'utf8'))
    expect(schemaErrors('report', data)).toEqual([])
    expect(data.inputs.map(({ kind }) => kind)).toEqual(['snapshot', 'diagnosis', 'profile', 'trace'])
    expect(data.findings.map(({ severity }) => severity)).toEqual(
      data.findings.map(({ severity }) => severity).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)),
    )
    expect(new Set(data.findings.map(({ by }) => by))).toEqual(new Set(['diagnose', 'tw-stats']))
    const profile = dataOf(readFileSync(report('table.html', fixture('strace/go-tcp-server.txt')), 'utf8'))
    expect(profile.findings).toContainEqual(expect.objectContaining({ by: 'trace-syscalls', code: 'futex-contention' }))
    expect(data.tables.map(({ title }) => title)).toEqual([
      'System calls of ./zoo',
      expect.stringContaining('opensnoop on'),
    ])
  })
})

const ORDER = ['critical', 'warning', 'info', 'ok', 'unknown']

describe('--from reads it back', () => {
  const answers = (bin: string, args: readonly string[], from: string) => {
    const { stdout, stderr, status } = runBin(bin, [...args, '--json', '--from', from])
    expect({ stderr, status: status! < 2 }).toEqual({ stderr: '', status: true })
    const { source: _, ...rest } = JSON.parse(stdout) as { source: string }
    return rest
  }

  test.each([
    ['mynetstat', ['-anp'], ZOO],
    ['mynetstat', ['-a', '--peer', '--unlisted'], ZOO],
    ['tw-stats', [], ZOO],
    ['linsight', ['diagnose'], DIAGNOSIS],
  ])('%s %j', (bin, args, from) => expect(answers(bin, args, all)).toEqual(answers(bin, args, from)))

  test('trace-syscalls: the profile of the log', () => {
    const [page, log] = [all, LOG].map(
      from => answers('trace-syscalls', ['--by', 'process'], from) as unknown as { rows: { label: string }[] },
    )
    expect(page!.rows).toEqual(log!.rows)
  })

  test('bpf replay', () => {
    const replay = (file: string) => runBin('linsight', ['bpf', 'replay', file])
    expect(replay(all)).toEqual(replay(OPENS))
  })

  test('snapshot show, and another report', () => {
    expect(runBin('linsight', ['snapshot', 'show', all]).stdout).toContain('14 processes, 100 files')
    const again = dataOf(readFileSync(report('again.html', all), 'utf8'))
    const first = dataOf(readFileSync(all, 'utf8'))
    expect(again.sockets).toEqual(first.sockets)
    expect(again.findings).toEqual(first.findings)
    expect(again.flames).toEqual(first.flames)
  })

  test('a program: its snapshot and its diagnosis', async () => {
    const [sockets, diagnosis] = await withMachine({ from: all }, machine =>
      Promise.all([machine.sockets(), machine.diagnose()]),
    )
    expect(sockets.sockets).toHaveLength(142)
    expect(diagnosis).toMatchObject({ host: 'web1', findings: [{ cause: 'accept-queue-full' }] })
  })

  test('where it holds no such recording, it says what it holds', () => {
    const page = report('diagnosis.html', DIAGNOSIS)
    const { status, stderr } = runBin('mynetstat', ['--from', page])
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: `mynetstat: the report ${page} holds no snapshot, only a recorded diagnosis\n`,
    })
  })

  test('where it is cut short, it says so', () => {
    const damaged = join(folder, 'damaged.html')
    writeFileSync(damaged, readFileSync(all, 'utf8').replace(/(data-kind="snapshot">.{400})[^<]*/, '$1'))
    expect(runBin('mynetstat', ['--from', damaged])).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('is damaged: a recording in it is not whole'),
    })
  })
})

describe('what goes into it', () => {
  test('histograms of every interval become a heat map, stacks a flame graph', () => {
    const recording = join(folder, 'runqlat.ndjson')
    writeFileSync(recording, bpfRecording('runqlat'))
    const stacks = join(folder, 'offcputime.ndjson')
    writeFileSync(stacks, bpfRecording('offcputime'))
    const { heatmaps, flames } = dataOf(readFileSync(report('bpf.html', recording, stacks), 'utf8'))
    expect(heatmaps).toMatchObject([
      {
        title: 'Latency of runqlat on h',
        rowTitle: 'took at least',
        rows: ['64 us', '32 us', '16 us', '8 us', '4 us', '2 us'],
        columnTitle: 'UTC',
        columns: ['11:06:42', '11:06:43'],
      },
    ])
    const [{ cells }] = heatmaps as [ReportData['heatmaps'][number]]
    expect(cells.flat().reduce((sum, count) => sum + count, 0)).toBe(12)
    expect(flames).toMatchObject([{ title: expect.stringContaining('offcputime'), root: [0, 70, expect.any(Array)] }])
    expect(flames[0]!.names).toContain('vfs_read_[k]')
  })

  test('times of events are UTC, also of those before the clock was known', () => {
    const lines = readFileSync(OPENS, 'utf8').split('\n')
    const clock = lines.findIndex(line => line.startsWith('{"linsight":"clock"'))
    const late = join(folder, 'late-clock.ndjson')
    writeFileSync(late, lines.toSpliced(clock, 1).toSpliced(-2, 0, lines[clock]!).join('\n'))
    const [page, ordered] = [late, OPENS].map(
      (recording, at) => dataOf(readFileSync(report(`times${at}.html`, recording), 'utf8')).tables[0]!,
    )
    expect(page!.columns[0]!.title).toBe('TIME')
    expect(page!.rows[0]![0]).toMatch(/^15:23:5\d\.\d{3}$/)
    expect(page!.rows).toEqual(ordered!.rows)
  })

  test('a flame graph of calls says what its weight is', () => {
    const [summary] = dataOf(readFileSync(report('summary.html', fixture('strace/go-tcp-server.txt')), 'utf8')).flames
    expect(summary).toMatchObject({ unit: 'calls' })
    // All calls stand below the root.
    expect(summary!.names.slice(0, 2)).toEqual(['all', summary!.names[summary!.root[2][0]![0]]])
    const recorded = join(folder, 'timed.json')
    writeFileSync(
      recorded,
      JSON.stringify({
        schema: 'linsight/syscall-profile/1',
        profile: {
          meta: { backend: 'bpftrace', host: 'wüb1', command: ['./zähler\u202e'] },
          syscalls: [{ name: 'futex', abi: 'native', calls: 2, errors: 0, wall: { totalNs: 4_000_000 } }],
          rejected: [],
          warnings: [],
        },
      }),
    )
    const { inputs, flames } = dataOf(readFileSync(report('timed.html', recorded), 'utf8'))
    expect(inputs).toMatchObject([{ host: 'wüb1' }])
    expect(flames).toMatchObject([
      {
        title: 'System calls of ./zähler\\u202e',
        unit: 'µs',
        names: ['all', 'futex'],
        root: [0, 4000, [[1, 4000, []]]],
      },
    ])
  })

  test('--redact leaves no name and no address in it', () => {
    const snapshot = fixture('ss-filter/zoo.snap.json')
    const data = JSON.stringify(dataOf(readFileSync(report('redacted.html', '--redact', snapshot), 'utf8')))
    const plain = JSON.stringify(dataOf(readFileSync(report('plain.html', snapshot), 'utf8')))
    const addresses = (text: string) =>
      new Set(text.match(/(?<![\d.])(?!127\.|0\.0\.0\.0|255\.)\d+\.\d+\.\d+\.\d+(?![\d.])/g))
    expect(addresses(plain).size).toBeGreaterThan(0)
    for (const address of addresses(plain)) expect(data).not.toContain(`"${address}"`)
    expect(JSON.parse(data)).toMatchObject({ redacted: true })
    const saved = join(folder, 'redacted.snap.json')
    runBin('linsight', ['snapshot', 'save', '--redact', '--from', snapshot, saved])
    const listing = (from: string) => runBin('mynetstat', ['-an', '--from', from]).stdout
    expect(listing(join(folder, 'redacted.html'))).toBe(listing(saved))
  })

  test('--redact of recordings of every kind: the same pseudonyms in all of them', () => {
    const opens = join(folder, 'db1.ndjson')
    writeFileSync(opens, readFileSync(OPENS, 'latin1').replaceAll('"host":"vm"', '"host":"db1"'), 'latin1')
    const files = [fixture('ss-filter/zoo.snap.json'), DIAGNOSIS, LOG, opens]
    const page = report('redacted-all.html', '--redact', ...files)
    const [shown, plain] = [page, report('plain-all.html', ...files)].map(file => dataOf(readFileSync(file, 'utf8')))
    expect(schemaErrors('report', shown)).toEqual([])
    expect(shown!.inputs.map(({ name }) => name)).toEqual(['snapshot 1', 'diagnosis 2', 'profile 3', 'trace 4'])
    expect(shown!.findings.map(({ code, severity }) => ({ code, severity }))).toEqual(
      plain!.findings.map(({ code, severity }) => ({ code, severity })),
    )
    const carried = [...pageRecordings(readFileSync(page), page)].map(({ bytes }) => bytes.toString('latin1')).join('')
    for (const name of ['strace-fixture', 'locale.alias', 'zoo d', 'db1']) expect(carried).not.toContain(name)
    const replay = runBin('linsight', ['bpf', 'replay', page])
    expect(replay).toMatchObject({ status: 0, stderr: '' })
    expect(replay.stdout).not.toContain('locale.alias')
    expect(runBin('trace-syscalls', ['--from', page]).stdout).toContain('openat')
  })

  test.each([
    ['a missing file', ['/nonexistent'], 4, 'there is no recording at /nonexistent'],
    ['what is no recording', [fixture('README.md')], 4, 'is no output of strace'],
    ['JSON of something else', [join(fixture(''), '../package.json')], 4, 'is JSON, but not a snapshot'],
    ['--json beside a page on stdout', ['--json', '-o', '-', ZOO], 2, 'do not go together'],
    ['no place to write', ['-o', '/nonexistent/page.html', ZOO], 4, '/nonexistent/page.html'],
  ])('%s is refused', (_, args, status, message) => {
    const place = args.includes('-o') ? [] : ['-o', join(folder, 'refused.html')]
    const { status: ended, stdout, stderr } = runBin('linsight', ['report', ...args, ...place])
    expect({ ended, text: stdout + stderr }).toEqual({ ended: status, text: expect.stringContaining(message) })
    expect(existsSync(join(folder, 'refused.html'))).toBe(false)
  })
})

describe('where it goes', () => {
  test('in a pipe, to stdout', () => {
    const { stdout, stderr } = runBin('linsight', ['report', ZOO])
    expect(stderr).toBe('')
    expect(dataOf(stdout).sockets!.count).toBe(142)
    const piped = join(folder, 'piped.html')
    writeFileSync(piped, stdout)
    expect(runBin('mynetstat', ['-an', '--from', piped])).toEqual(runBin('mynetstat', ['-an', '--from', ZOO]))
  })

  test('with --json and no name, beside the recording; never over what is there', () => {
    const beside = join(folder, 'web1.snap.json')
    copyFileSync(ZOO, beside)
    const { stdout, status } = runBin('linsight', ['report', '--json', beside])
    expect(status).toBe(0)
    expect(schemaErrors('report-saved', JSON.parse(stdout))).toEqual([])
    expect(JSON.parse(stdout)).toMatchObject({ file: join(folder, 'web1.html'), sockets: 142, redacted: false })
    expect(runBin('linsight', ['report', '--json', beside])).toMatchObject({
      status: 4,
      stdout: expect.stringContaining('is there already'),
    })
  })
})
