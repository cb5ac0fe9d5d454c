import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { replayRecording } from './replay-recording.ts'
import { followRun } from './session.ts'
import type { BpfEvent, BpfRunHeader } from '../model.ts'
import { MAP_KEYS, SCRIPT_BEAT } from '../jobs/build.ts'
import { findJob } from '../jobs/catalog.ts'
import { headerOf } from '../../../test/support/bpf-run-header.ts'
import { openLines } from '../../proc/line-file.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'

const folder = temporaryFolder()

function follow(
  job: string | undefined,
  lines: string[],
  onEvent: (event: BpfEvent) => void = () => {},
  changes: Partial<BpfRunHeader> = {},
) {
  const session = followRun(
    headerOf({ job, script: job === undefined ? 'x.bt' : undefined, ...changes }),
    job === undefined ? undefined : findJob(job),
    onEvent,
  )
  for (const line of lines) session.line(line)
  return session
}

const value = (...values: unknown[]) => JSON.stringify({ type: 'value', data: values })
const map = (name: string, entries: object, type = 'map') => JSON.stringify({ type, data: { [name]: entries } })

describe('results', () => {
  test('counts: maps joined by key, names by pid, largest first; the last print wins', () => {
    const session = follow('filetop', [
      map('@reads', { '7,3': 1 }),
      map('@reads', { '7,3': 5, '8,4': 1 }),
      map('@read', { '7,3': 100, '8,4': 9000 }),
      map('@comm', { 7: 'a,b c', 8: 'd' }),
    ])
    session.note({ linsight: 'file', pid: 7, fd: 3, path: '/x' })
    expect(session.snapshot()).toEqual({
      shape: 'counts',
      rows: [
        { pid: 8, fd: 4, reads: 1, readBytes: 9000, comm: 'd' },
        { pid: 7, fd: 3, reads: 5, readBytes: 100, comm: 'a,b c', file: '/x' },
      ],
    })
  })

  test('histograms: by number or by name', () => {
    const buckets = [{ min: 2, max: 3, count: 4 }]
    expect(follow('runqlat', [map('@usecs', buckets, 'hist')]).snapshot()).toEqual({
      shape: 'histogram',
      histograms: [{ key: undefined, buckets }],
    })
    expect(follow('fsynclat', [map('@usecs', { 1: buckets }, 'hist')]).snapshot()).toEqual({
      shape: 'histogram',
      histograms: [{ key: 'fdatasync', buckets }],
    })
  })

  test('stacks: names of equal text add up, frames of the tracer are left out, a later print replaces', () => {
    const key = '\n    read+1\n,\n    __traceiter_sched_switch+9\n    __schedule+1\n    vfs_read+2\n,7'
    const twice = `{"type": "map", "data": {"@off": {${JSON.stringify(key)}: 5, ${JSON.stringify(key)}: 6}}}`
    const session = follow('offcputime', [map('@off', { [key]: 99 }), twice, map('@comm', { 7: 'dd' })])
    expect(session.snapshot()).toEqual({
      shape: 'stacks',
      stacks: [{ pid: 7, comm: 'dd', user: ['read'], kernel: ['vfs_read', '__schedule'], weight: 11 }],
    })
  })

  test('samples add up', () => {
    const sample = value('stack', 7, 'dd', '\n    main+1\n', '')
    expect(follow('profile', [sample, sample]).snapshot()).toMatchObject({ stacks: [{ user: ['main'], weight: 2 }] })
  })
})

describe('a script', () => {
  test('the clock that linsight adds is no output: it says that all is attached, and how far it is', () => {
    const seen: BpfEvent[] = []
    const lines = [value(SCRIPT_BEAT, 5), value('mine', 7), value(SCRIPT_BEAT, 6)]
    const session = follow(undefined, lines, event => seen.push(event), { ownProbes: 1 })
    expect(seen).toEqual([
      { type: 'ready', timeNs: 5 },
      { type: 'heartbeat', timeNs: 5 },
      { type: 'value', value: ['mine', 7] },
      { type: 'heartbeat', timeNs: 6 },
    ])
    expect(session.summary().events).toBe(1)
  })

  test('its attached probes are those of the user', () => {
    const attached = JSON.stringify({ type: 'attached_probes', data: { probes: 3 } })
    expect(follow(undefined, [attached], undefined, { ownProbes: 1 }).attached).toBe(2)
    expect(follow(undefined, [attached]).attached).toBe(3)
    expect(follow(undefined, []).attached).toBeUndefined()
  })

  test('an error on stdout is a reason, no unreadable line', () => {
    const session = follow(undefined, ['No probes to attach', 'gibberish'])
    expect(session.errors()).toEqual([{ kind: 'error', text: 'No probes to attach' }])
    expect(session.summary().unreadableLines).toBe(1)
  })

  test('strings as long as strings get count as cut, in tuples and in keys', () => {
    const long = 'x'.repeat(63)
    const lines = [value('a', [long]), value(long.slice(1)), map('@n', { [`a,${long}`]: 1, b: 2 })]
    expect(follow(undefined, lines, undefined, { stringBytes: 64 }).summary().cutStrings).toBe(2)
  })

  test.each([
    ['stdin:1:7-9: WARNING: odd', ['odd (line 1, columns 7-8: BEGIN { x })']],
    ['WARNING: Could not read symbols from /x: EPERM', ['Could not read symbols from /x: EPERM']],
    ['WARNING: Could not read functions from /x', []],
  ])('the warning %s', (line, expected) => {
    const session = follow(undefined, [], undefined, { program: 'BEGIN { x }' })
    session.note({ linsight: 'stderr', line })
    session.note({ linsight: 'stderr', line })
    expect(session.summary().tracerWarnings).toEqual(expected)
  })

  test('what warnf() says is a warning, what errorf() says a failure of the program', () => {
    const said = (type: string) => JSON.stringify({ type, msg: 'odd\n', filename: 'stdin', line: 1, col: 2 })
    const { tracerWarnings, faults } = follow(undefined, [said('warnf'), said('errorf')], undefined, {
      dialect: 'C',
    }).summary()
    expect({ tracerWarnings, faults }).toEqual({ tracerWarnings: ['odd'], faults: [{ message: 'odd', count: 1 }] })
  })

  test('keys of a map: joined by commas, of text, of numbers, of a stack', () => {
    const lines = [
      map('@a', { '1,2': 1 }),
      map('@b', { 'x y': 1 }),
      map('@c', { '-7': 1 }),
      map('@d', { '\nk+1\n': 1 }),
    ]
    const { mapsWithJoinedKeys, mapsWithTextKeys } = follow(undefined, lines).summary()
    expect({ mapsWithJoinedKeys, mapsWithTextKeys }).toEqual({ mapsWithJoinedKeys: ['@a'], mapsWithTextKeys: ['@b'] })
  })

  test('a damaged record is one unreadable line', () => {
    const session = follow('profile', [
      value('stack', 7, { a: 1 }, 3, 4),
      value('stack', 7, 'dd', '\n    main+1\n', ''),
    ])
    expect(session.summary().unreadableLines).toBe(1)
    expect(session.snapshot()).toMatchObject({ stacks: [{ user: ['main'], weight: 1 }] })
  })
})

describe('truth', () => {
  test('losses, cut strings, faults and skipped probes are counted', () => {
    const session = follow('opensnoop', [
      '{"type": "attached_probes", "data": {"probes": 5}}',
      value('open', 1, 2, 0, 3, 'a', 'x'.repeat(199)),
      '{"type": "lost_events", "data": {"events": 40}}',
      '{"type": "lost_events", "data": {"events": 2}}',
      '{"type": "helper_error", "helper": "map_update_elem", "retcode": -7}',
      '{"type": "helper_error", "msg": "No such file", "helper": "map_delete_elem", "retcode": -2}',
      '{"type": "helper_error", "msg": "No such file", "helper": "map_delete_elem", "retcode": -2}',
      '{"type": "va',
    ])
    session.note({ linsight: 'stderr', line: 'WARNING: could not attach probe kprobe:x, skipping.' })
    session.note({ linsight: 'stderr', line: 'WARNING: Total lost event count: 30' })
    expect(session.summary()).toMatchObject({
      events: 1,
      attachedProbes: 5,
      lostAtLeast: 42,
      cutStrings: 1,
      fullMaps: ['a map of the program'],
      faults: [{ message: 'map_delete_elem: No such file', count: 2 }],
      skippedProbes: ['kprobe:x'],
      unreadableLines: 1,
      endedBy: undefined,
    })
  })

  test('a map with as many keys as it can hold is full, even where bpftrace says nothing', () => {
    const keys = Object.fromEntries(Array.from({ length: MAP_KEYS }, (_, i) => [i, 1]))
    expect(follow('pagefaults', [map('@faults', keys)]).summary().fullMaps).toEqual(['@faults'])
  })

  test('ready is the first heartbeat, and times are those of the wall', () => {
    const seen: BpfEvent[] = []
    const session = follow('opensnoop', [value('beat', 5e6), value('beat', 6e6), value('tick', 7e6)], event =>
      seen.push(event),
    )
    expect(seen).toEqual([
      { type: 'ready', timeNs: 5e6 },
      { type: 'heartbeat', timeNs: 5e6 },
      { type: 'heartbeat', timeNs: 6e6 },
      { type: 'tick', timeNs: 7e6 },
    ])
    expect(session.wallMs(5e6)).toBeUndefined()
    session.note({ linsight: 'clock', offsetNs: 1e6 })
    expect(session.wallMs(5e6)).toBe(6)
  })
})

describe('replay', () => {
  const header = JSON.stringify(headerOf({ job: 'opensnoop' }))
  const lines = [
    header,
    value('open', 1, 2, 0, 3, 'caf\xc3\xa9', '/x'),
    '{"linsight":"end","durationMs":5,"endedBy":"itself"}',
    '',
  ]
  const write = (name: string, content: string | Buffer) => {
    const path = join(folder, name)
    writeFileSync(path, content, 'latin1')
    return path
  }
  const replay = async (path: string) => {
    const rows: unknown[] = []
    const { session } = await replayRecording(await openLines(path), () => ({
      onEvent(event: BpfEvent) {
        if (event.type === 'row') rows.push(event.row)
      },
    }))
    return { rows, summary: session.summary() }
  }

  test.each([
    ['plain', (text: string) => Buffer.from(text, 'latin1')],
    ['gzip', (text: string) => gzipSync(Buffer.from(text, 'latin1'))],
  ])('%s', async (name, pack) => {
    const { rows, summary } = await replay(write(name, pack(lines.join('\n'))))
    expect(rows).toMatchObject([{ pid: 2, comm: 'caf\xc3\xa9', path: '/x' }])
    expect(summary).toMatchObject({ events: 1, endedBy: 'itself', durationMs: 5 })
  })

  test('cut in the middle of a line: everything before it counts', async () => {
    const { rows, summary } = await replay(write('cut', lines.join('\n').slice(0, -30)))
    expect(rows).toHaveLength(1)
    expect(summary.endedBy).toBeUndefined()
  })

  test.each([
    ['nothing', '', /empty/],
    ['no JSON', 'Attaching 3 probes...\n', /no JSON/],
    ['another schema', '{"schema":"linsight/snapshot/1"}\n', /schema is not/],
    ['no program', header.replace('"program":"BEGIN { }",', ''), /damaged/],
    ['an unknown job', header.replace('opensnoop', 'nosuch'), /does not know/],
  ])('refused: %s', async (name, content, message) => {
    await expect(replay(write('bad', content))).rejects.toThrow(message)
    expect(name).not.toBe('')
  })

  test('missing', async () => {
    await expect(replay(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'input-missing', exit: 4 })
  })
})

test('who of a command still runs: the threads the tracer knew of, and those found alive, as a warning', () => {
  const session = follow('execsnoop', [map('@tree', { 7: 1, 12: 1 })], () => {}, { filter: { tree: 7 } })
  expect(session.family).toEqual([7, 12])
  expect(session.warnings().map(({ code }) => code)).not.toContain('children-left')
  session.note({ linsight: 'children-left', processes: [{ pid: 12, comm: 'sleep' }] })
  expect(session.warnings().map(({ code }) => code)).toContain('children-left')
  expect(follow(undefined, [map('@tree', { 7: 1 })]).family).toEqual([])
})

test('strings that printf cut are counted', () => {
  const printed = (text: string) => JSON.stringify({ type: 'printf', data: text })
  const lines = ['a'.repeat(63), 'a'.repeat(62), 'short'].map(name => printed(`7 ${name}\n`))
  const session = follow(undefined, lines, () => {}, { program: 'printf("%d %s\\n", pid, comm)', stringBytes: 64 })
  expect(session.summary()).toMatchObject({ cutStrings: 1, events: 3 })
})
