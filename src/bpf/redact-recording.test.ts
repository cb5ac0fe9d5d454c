import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { headerOf } from '../../test/support/bpf-run-header.ts'
import { bpfRecording } from '../../test/support/bpf-recording.ts'
import { fixture } from '../../test/support/paths.ts'
import { linesOf } from '../proc/line-file.ts'
import { redacted } from '../redact/redaction.ts'
import { UNKNOWN_FORM } from '../redact/texts.ts'
import type { BpfEvent, BpfRunHeader } from './model.ts'
import { redactRecording } from './redact-recording.ts'
import type { BpfRow } from './run/output/row.ts'
import { replayRecording } from './run/replay-recording.ts'

const NAMES = { hosts: ['web1'], users: ['alice'] }
const redact = (text: string) =>
  redacted(NAMES, redaction => redactRecording(Buffer.from(text, 'latin1'), 'x', redaction))

const recording = (changes: Partial<BpfRunHeader>, ...lines: (object | string)[]) =>
  [headerOf({ host: 'web1', ...changes }), ...lines]
    .map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    .join('')

const value = (...values: unknown[]) => ({ type: 'value', data: values })

const withoutPath = (row: BpfRow) => ({ ...row, path: undefined })

async function replayed(bytes: Buffer) {
  const events: BpfEvent[] = []
  const { session } = await replayRecording(linesOf(bytes, 'x'), () => ({
    onEvent: (event: BpfEvent) => void events.push(event),
  }))
  return { session, events, rows: events.flatMap(event => (event.type === 'row' ? [event.row] : [])) }
}

test('a recording of opensnoop: as many rows, programs by their names, files by others', async () => {
  const text = readFileSync(fixture('bpf/opensnoop.ndjson'), 'latin1')
  const [plain, shown] = [await replayed(Buffer.from(text, 'latin1')), await replayed(redact(text))]
  expect(plain.rows.length).toBeGreaterThan(20)
  expect(shown.rows.map(withoutPath)).toEqual(plain.rows.map(withoutPath))
  const paths = (rows: typeof plain.rows) => rows.map(({ path }) => String(path))
  expect(new Set(paths(shown.rows)).size).toBe(new Set(paths(plain.rows)).size)
  expect(paths(shown.rows).map(path => path.length)).toEqual(paths(plain.rows).map(path => path.length))
  expect(shown.session.summary()).toEqual(plain.session.summary())
})

describe('records of each kind of text', () => {
  test.each<[string, unknown[][], object]>([
    [
      'execsnoop',
      [
        ['exec', 1, 7, 1, 0, 'sh'],
        ['arg', 7, '/opt/acme/psql'],
        ['arg', 7, '--password=x'],
        ['end', 7],
        ['done', 2, 7, 0, 'psql'],
      ],
      { comm: 'psql', args: '/opt/n1xx/psql arg1' },
    ],
    ['gethostlatency', [['dns', 1, 7, 10, 0, 'curl', 'db.acme.com']], { comm: 'curl', host: 'arg1' }],
    ['gethostlatency', [['dns', 1, 7, 10, 0, 'curl', '10.9.9.9']], { host: '10.0.0.1' }],
    ['bashreadline', [['line', 1, 7, 0, 'bash', 'mysql -psecret']], { comm: 'bash', line: 'arg1' }],
    ['biosnoop', [['bio', 1, 7, 1, 8, 8, 0, 5, 'WS', 'dd']], { comm: 'dd', operation: 'WS' }],
    ['biosnoop', [['bio', 1, 7, 1, 8, 8, 0, 5, 'acme', 'dd']], { operation: UNKNOWN_FORM }],
    [
      'tcprst',
      [
        [
          'rst_out_sockaddr',
          1,
          7,
          1,
          'nginx',
          [2, 0, 0, 80, 10, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0],
          [2, 0, 1, 0, 10, 9, 9, 8, 0, 0, 0, 0, 0, 0, 0, 0],
        ],
      ],
      { laddr: '10.0.0.1', lport: 80, raddr: '10.0.0.2', rport: 256 },
    ],
    [
      'tcpretrans',
      [['retrans', 1, 7, 1, 80, 5000, 'nginx', '2001:db9::1', '192.168.3.4']],
      { laddr: '2001:db8::1', raddr: '10.0.0.1', comm: 'nginx' },
    ],
  ])('%s %j', async (job, records, row) => {
    const { rows } = await replayed(redact(recording({ job }, ...records.map(record => value(...record)))))
    expect(rows).toEqual([expect.objectContaining(row)])
  })

  test('a record of a later version is not shown', () => {
    const text = redact(
      recording({ job: 'opensnoop' }, value('later', 1, 'acme'), { type: 'printf', data: 'acme' }),
    ).toString()
    expect(text).not.toContain('acme')
    expect(text).toContain('"later"')
  })

  test('strings that were cut are still told', async () => {
    const cut = recording({ job: 'bashreadline' }, value('line', 1, 7, 0, 'bash', 'x'.repeat(199)))
    expect((await replayed(redact(cut))).session.summary().cutStrings).toBe(1)
  })
})

test('stacks keep their functions, not their files', async () => {
  const { session } = await replayed(redact(bpfRecording('offcputime')))
  expect(session.snapshot()).toEqual((await replayed(Buffer.from(bpfRecording('offcputime')))).session.snapshot())
  const key = '\n\t7f12ab34cd56 run+0x1 (/opt/acme/lib.so)\n,\n\tffffffff8123 vfs_read+0xbb ([kernel])\n,7'
  const text = redact(recording({ job: 'offcputime' }, { type: 'map', data: { '@off': { [key]: 5 } } })).toString()
  expect(text).not.toContain('acme')
  expect((await replayed(Buffer.from(text))).session.stacks()).toMatchObject([
    { user: ['run'], kernel: ['vfs_read'], weight: 5 },
  ])
})

describe('a user’s own script', () => {
  const program =
    'tracepoint:x { printf("%s opened %s from %s in %d ms\\n", comm, str(args->f), ntop(1), 3); @[comm] = count(); }'
  test('its own words and numbers stay, all else that it printed does not', () => {
    const text = redact(
      recording(
        { script: '/home/alice/acme.bt', program },
        { type: 'printf', data: 'acme-api opened /srv/acme/x from 10.9.9.9:80 in 12 ms\n' },
        { type: 'map', data: { '@': { 'acme-api,7': 3, '\n    vfs_read+1\n,acme': 2 } } },
        value('acme', 7, '\n    read+1\n'),
      ),
    )
      .toString()
      .split('\n')
    expect(text.join('')).not.toMatch(/acme|alice/)
    expect(text[1]).toContain('n1xxxxxx opened /srv/n1xx/1 from 10.0.0.1:80 in 12 ms\\n')
    expect(text[2]).toContain('"n1xxxxxx,7": 3')
    expect(text[2]).toContain('\\n    vfs_read+1\\n,n1xx')
    expect(text[3]).toContain('["n1xx",7,"\\n    read+1\\n"]')
  })

  test('notes: what the tracer said, descriptors, children', () => {
    const text = redact(
      recording(
        { program },
        { linsight: 'stderr', line: 'ERROR: cannot open /home/alice/acme.bt' },
        { linsight: 'file', pid: 1, fd: 2, path: '/srv/acme' },
        { linsight: 'children-left', processes: [{ pid: 3, comm: 'alice' }] },
        'Attaching acme...',
        '{"linsight":"cut acme',
      ),
    ).toString()
    expect(text).not.toMatch(/acme|alice/)
    expect(text).toContain('ERROR: cannot open /home/')
    expect(text.split('\n')).toHaveLength(7)
  })
})

test('what is no recording is refused', () => {
  expect(() => redact('{"schema":"x"}\n')).toThrow(/its schema is not/)
})
