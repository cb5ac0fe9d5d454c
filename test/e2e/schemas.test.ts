// Everything that commands print under --json fits its schema, and every schema is that of something they print.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { registry } from '../../src/app/registry.ts'
import { TOOL_RECORDING_SCHEMA } from '../../src/bpf/tools/tool-run.ts'
import { withMachine } from '../support/library.ts'
import { fixture, ROOT, ZOO } from '../support/paths.ts'
import { run, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { SCHEMA_NAMES, schemaErrors, schemaOf, schemasUnmet, streamErrors } from '../support/schemas.ts'

const TIME_WAITS = readdirSync(fixture('timewait')).map(name => fixture(`timewait/${name}`))
/** Validated in test/live/schemas.test.ts. */
const LIVE_ONLY = [
  'bpf-show',
  'counters-line',
  'fleet-diagnose',
  'fleet-snapshots',
  'fleet-sockets',
  'fleet-time-wait',
  'socket-changes-line',
  'socket-changes',
  'socket-wait',
  'sockets-line',
  'syscall-profile-line',
  'time-wait-line',
]
const LOG = fixture('strace/zoo.log')
const TABLE = fixture('strace/go-tcp-server.txt')
const LOG_VIEWS = [
  ['--by', 'thread', '--tree', '--slowest', '5', '--top', '3'],
  ['--by', 'file'],
  ['--by', 'errno', '--wall'],
  ['--diff', LOG, '--fail-on', 'calls:read>+20%'],
].map(flags => ['--from', LOG, ...flags])
const filled = TIME_WAITS.find(path => path.includes('E2-'))!

function json(bin: string, args: readonly string[]): object {
  const { stdout, stderr } = runBin(bin, args)
  expect(stderr).toBe('')
  return JSON.parse(stdout) as object
}

test('the schemas are those of the types: npm run schemas', { timeout: 180_000 }, () => {
  const { status, stderr } = run(process.execPath, [join(ROOT, 'scripts/write-schemas.mjs'), '--check'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

describe.each(SCHEMA_NAMES)('schema %s', name => {
  test('says which it is and what it is of', () => {
    expect(schemaOf(name)).toMatchObject({
      $id: `linsight/${name}/1`,
      title: expect.stringMatching(/\S/),
      description: expect.stringMatching(/\S/),
    })
  })
})

describe('documents', () => {
  test.each<[schema: string, bin: string, args: string[]]>([
    ...[['-a'], ['-anp'], ['-antulwxpe'], ['-lnt'], ['--sctp']].map((flags): [string, string, string[]] => [
      'sockets',
      'mynetstat',
      [...flags, '--from', ZOO],
    ]),
    ...[[], ['-a'], ['-l']].map((flags): [string, string, string[]] => [
      'socket-diff',
      'mynetstat',
      ['--diff', ZOO, ...flags, '--from', fixture('ss-filter/zoo.snap.json')],
    ]),
    [
      'sockets',
      'mynetstat',
      ['-ant', 'state', 'close-wait', '--fail-on', 'state time-wait by user > 9', '--from', ZOO],
    ],
    ['socket-groups', 'mynetstat', ['-anp', '--group-by', 'process,state', '--top', '4', '--from', ZOO]],
    ['socket-summary', 'mynetstat', ['--summary', '--from', ZOO]],
    ...(
      [
        ['counters', '-s'],
        ['routes', '-r'],
        ['interfaces', '-i'],
        ['groups', '-g'],
      ] as const
    ).map(([schema, flag]): [string, string, string[]] => [
      schema,
      'mynetstat',
      [flag, '--from', fixture('netstat/views/proc.tar')],
    ]),
    ...[['--all-netns'], ['--netns', 'blue', '-l'], ['--netns', '91be']].map((flags): [string, string, string[]] => [
      'sockets',
      'mynetstat',
      [...flags, '--from', fixture('namespaces.snap.json')],
    ]),
    ['time-wait', 'tw-stats', ['--netns', 'spare', '--from', fixture('namespaces.snap.json')]],
    ['time-wait-namespaces', 'tw-stats', ['--all-netns', '--from', fixture('namespaces.snap.json')]],
    ['snapshot-summary', 'linsight', ['snapshot', 'show', fixture('namespaces.snap.json')]],
    ['socket-health', 'mynetstat', ['--health', '--from', ZOO]],
    ['published', 'mynetstat', ['--published', '--from', fixture('firewall/published.snap.json')]],
    ['sockets', 'mynetstat', ['-ntl', ':8080', '--from', fixture('firewall/published.snap.json')]],
    ['exposure', 'mynetstat', ['--exposure', '--from', fixture('firewall/firewall.snap.json')]],
    ['pipes', 'mynetstat', ['--pipes', '--from', ZOO]],
    ...[...[LOG, TABLE].map(path => ['--from', path]), ...LOG_VIEWS].map((args): [string, string, string[]] => [
      'syscall-profile',
      'trace-syscalls',
      args,
    ]),
    ...TIME_WAITS.map((path): [string, string, string[]] => ['time-wait', 'tw-stats', ['--from', path]]),
    ...['port', 'remote', 'owner'].map((by): [string, string, string[]] => [
      'time-wait',
      'tw-stats',
      ['--by', by, '--from', filled],
    ]),
    ['time-wait', 'tw-stats', ['--what-if', 'range=1024-65535,reuse=1', '--from', filled]],
    ['time-wait', 'tw-stats', ['--from', ZOO]],
    ['time-wait-namespaces', 'tw-stats', ['--all-netns', '--from', ZOO]],
    ...readdirSync(fixture('bpf/machines')).flatMap((name): [string, string, string[]][] => [
      ['bpf-doctor', 'linsight', ['bpf', 'doctor', '--from', fixture(`bpf/machines/${name}`)]],
      ['bpf-list', 'linsight', ['bpf', 'list', '--all', '--from', fixture(`bpf/machines/${name}`)]],
    ]),
    ...readdirSync(fixture('diagnose')).map((name): [string, string, string[]] => [
      'diagnose',
      'linsight',
      ['diagnose', '--from', fixture(`diagnose/${name}`)],
    ]),
    ['diagnose', 'linsight', ['diagnose', '--from', ZOO]],
    ['metrics', 'linsight', ['metrics', 'print', '--from', ZOO]],
    ['causes', 'linsight', ['diagnose', '--explain', 'all']],
    ['snapshot-summary', 'linsight', ['snapshot', 'show', ZOO]],
    ['snapshot-summary', 'linsight', ['snapshot', 'show', fixture('zoo.proc.tar')]],
    ...['net/tcp', '1/ns/net', 'net'].map((path): [string, string, string[]] => [
      'snapshot-entry',
      'linsight',
      ['snapshot', 'show', ZOO, path],
    ]),
    ['snapshot-saved', 'linsight', ['snapshot', 'save', '--from', ZOO, join(temporaryFolder(), 'zoo.snap.json')]],
  ])('%s: %s %j', (schema, bin, args) => {
    const value = json(bin, [...args, '--json'])
    expect(schemaErrors(schema, value)).toEqual([])
    expect(schemaErrors(schema, { ...value, surprise: 1 })).toContainEqual(expect.stringContaining('surprise'))
  })

  test.each(readdirSync(fixture('strace/real-samples')).filter(name => name.endsWith('.txt')))(
    'syscall-profile of a table found in the wild: %s',
    name => {
      const { stdout, status } = runBin('trace-syscalls', ['--json', '--from', fixture(`strace/real-samples/${name}`)])
      expect(schemaErrors(status === 0 ? 'syscall-profile' : 'error', JSON.parse(stdout))).toEqual([])
    },
  )

  test.each([
    ['as it comes', []],
    ['redacted', ['--redact']],
  ])('a recording, %s', (_, flags) => {
    const value = json('linsight', ['snapshot', 'save', '-', '--from', ZOO, ...flags])
    expect(schemaErrors('snapshot', value)).toEqual([])
  })

  test.each(readdirSync(fixture('diagnose')))('a recording of what a diagnosis saw: %s', name => {
    const value = JSON.parse(readFileSync(fixture(`diagnose/${name}`), 'utf8')) as object
    expect(schemaErrors('observation', value)).toEqual([])
  })

  test('the bundled recording', () => {
    expect(schemaErrors('snapshot', JSON.parse(readFileSync(ZOO, 'utf8')))).toEqual([])
  })
})

test('linsight report', () => {
  const page = join(temporaryFolder(), 'page.html')
  expect(schemaErrors('report-saved', json('linsight', ['report', '--json', '-o', page, ZOO]))).toEqual([])
  const [, base64] = /id="data">([^<]*)</.exec(readFileSync(page, 'utf8'))!
  const data = JSON.parse(gunzipSync(Buffer.from(base64!, 'base64')).toString('utf8')) as object
  expect(schemaErrors('report', data)).toEqual([])
})

test.each(['processes', 'connections', 'listeners', 'time-wait', 'hosts', 'findings'])('linsight top: %s', view => {
  const { stdout } = runBin('linsight', ['top', '--json', '--from', ZOO, '--view', view])
  expect(streamErrors('top', stdout)).toEqual([])
})

test('processes() of the library', async () => {
  const value = await withMachine({ from: ZOO }, machine => machine.processes())
  expect(schemaErrors('processes', value)).toEqual([])
  expect(value.processes.length).toBeGreaterThan(3)
})

test('linsight bpf replay', () => {
  const { stdout } = runBin('linsight', ['bpf', 'replay', '--json', fixture('bpf/opensnoop.ndjson')])
  expect(streamErrors('bpf-run', stdout)).toEqual([])
})

test('linsight bpf replay of a tool', () => {
  const file = join(temporaryFolder(), 'biotop')
  const header = { schema: TOOL_RECORDING_SCHEMA, tool: 'biotop', family: 'libbpf', path: '/usr/sbin/biotop', args: [] }
  const end = { exitCode: 0, durationMs: 5, endedBy: 'interrupt' }
  const rows = ['> SYSCALL                   COUNT', '> read                         12', '! lost 3 events on CPU #0']
  writeFileSync(file, [JSON.stringify(header), ...rows, JSON.stringify(end), ''].join('\n'))
  const { stdout } = runBin('linsight', ['bpf', 'replay', '--json', file])
  expect(streamErrors('bpf-tool', stdout)).toEqual([])
})

describe('errors', () => {
  test.each(Object.keys(registry))('%s', id => {
    const { status, stdout } = runBin('linsight', [...id.split(':'), '--json', '--no-such-flag'])
    expect(schemaErrors('error', JSON.parse(stdout))).toEqual([])
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage', exit: status } })
  })

  test.each([
    ['input-missing', 'mynetstat', ['--from', '/nonexistent']],
    ['input-format', 'tw-stats', ['--from', join(ROOT, 'package.json')]],
  ])('%s', (code, bin, args) => {
    const { status, stdout } = runBin(bin, [...args, '--json'])
    expect(schemaErrors('error', JSON.parse(stdout))).toEqual([])
    expect(JSON.parse(stdout)).toMatchObject({ error: { code, exit: status } })
  })
})

test('no schema is left that nothing was validated against', () => {
  expect(schemasUnmet().toSorted()).toEqual(LIVE_ONLY.toSorted())
})
