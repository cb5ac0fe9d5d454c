import { describe, expect, test } from 'vitest'
import { findJob } from '../jobs/catalog.ts'
import { MAP_KEYS } from '../jobs/build.ts'
import { followRun } from '../run/session.ts'
import { headerOf } from '../../../test/support/bpf-run-header.ts'
import { schemaErrors } from '../../../test/support/schemas.ts'
import { jsonView, summaryLine } from './run-json.ts'
import { textView, type RunTextOptions } from './run-text.ts'
import { scriptSubject, type BpfView } from './subject.ts'

const TEXT: RunTextOptions = {
  interactive: false,
  width: Infinity,
  height: 24,
  everyInterval: false,
  heatmap: false,
  top: Infinity,
}
const JSON_LINES = { everyInterval: false, top: Infinity, source: 'live' }
const value = (...values: unknown[]) => JSON.stringify({ type: 'value', data: values })
const hist = (name: string, entries: object) => JSON.stringify({ type: 'hist', data: { [name]: entries } })

/** The output of a view for the lines of a run whose clock starts at the epoch. */
function shown(name: string | undefined, lines: string[], view: BpfView): string {
  let text = ''
  const header = headerOf(name === undefined ? { script: 'x.bt' } : { job: name })
  const job = name === undefined ? undefined : findJob(name)
  const session = followRun(header, job, (event, run) => (text += view.event(event, run)))
  text += view.event({ type: 'start' }, session)
  session.note({ linsight: 'clock', offsetNs: 0 })
  for (const line of lines) session.line(line)
  session.flush()
  return text + view.end(session)
}
function parsed(text: string): Record<string, unknown>[] {
  const lines = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  expect(lines.flatMap(line => schemaErrors('bpf-run', line))).toEqual([])
  return lines
}

describe('events', () => {
  const lines = [value('beat', 1e9), value('open', 2e9, 7, 0, 3, 'a b', '/x'), value('open', 2e9, 8, 0, -2, 'c', '/y')]

  test('as text: the header as soon as the probes are attached, then a line each', () => {
    const view = textView(findJob('opensnoop')!, TEXT)
    const header = shown('opensnoop', lines.slice(0, 1), textView(findJob('opensnoop')!, TEXT))
    expect(header).toMatch(/^TIME +PID +UID COMM .*PATH\n$/)
    const text = shown('opensnoop', lines, view)
    expect(text.startsWith(header)).toBe(true)
    expect(text.slice(header.length)).toMatch(/^\S+ +7 +0 a b .*\/x\n\S+ +8 +0 c .*ENOENT .*\/y\n$/)
  })

  test('as JSON: start, ready, events', () => {
    const found = parsed(shown('opensnoop', lines, jsonView(findJob('opensnoop')!, JSON_LINES)))
    expect(found.map(line => line['type'])).toEqual(['start', 'ready', 'event', 'event'])
    expect(found[0]).toMatchObject({ schema: 'linsight/bpf-run/1', host: 'h', source: 'live', job: 'opensnoop' })
    expect(found[1]).toMatchObject({ time: '1970-01-01T00:00:01.000000Z' })
    expect(found[3]).toMatchObject({ comm: 'c', error: 'ENOENT', path: '/y' })
  })
})

describe('histograms', () => {
  const job = findJob('fsynclat')!
  const buckets = (count: number) => [{ min: 2, max: 3, count }]
  const lines = [
    value('beat', 1e9),
    hist('@usecs', { 0: buckets(4), 1: buckets(1) }),
    value('tick', 2e9),
    hist('@usecs', { 0: buckets(6), 1: buckets(9) }),
    value('tick', 3e9),
  ]

  test('as JSON: the largest first, the last ones final', () => {
    const found = parsed(shown('fsynclat', lines, jsonView(job, { ...JSON_LINES, everyInterval: true }))).slice(2)
    expect(found.map(line => [line['final'], line['total']])).toEqual([
      [false, 4],
      [false, 1],
      [false, 9],
      [false, 6],
      [true, 9],
      [true, 6],
    ])
    expect(parsed(shown('fsynclat', lines, jsonView(job, { ...JSON_LINES, top: 1 }))).slice(2)).toMatchObject([
      { type: 'histogram', final: true, total: 9, buckets: buckets(9) },
    ])
  })

  test('on a terminal: drawn again in place', () => {
    const text = shown('fsynclat', lines, textView(job, { ...TEXT, interactive: true, width: 80 }))
    expect(text.match(/\x1b\[\d+A\x1b\[J/g)).toHaveLength(2)
  })

  test('over time: what each interval added, for each key', () => {
    const text = shown('fsynclat', lines, textView(job, { ...TEXT, heatmap: true }))
    // 4 + 1 in the first interval, 2 + 8 in the second.
    expect(text).toContain('1 to 10')
    expect(text).toMatch(/\[2, 4\) \|\S{2}\|/)
  })
})

describe('a script', () => {
  const lines = [
    JSON.stringify({ type: 'printf', data: 'a\x1b[2J\nb\n' }),
    value(1, 'a b'),
    JSON.stringify({ type: 'map', data: { '@n': { x: 2 } } }),
  ]

  test('as text', () => {
    expect(shown(undefined, lines, textView(scriptSubject('x.bt'), TEXT))).toBe('a\\x1b[2J\nb\n(1, a b)\n@n[x]: 2\n')
  })

  test('as JSON', () => {
    expect(parsed(shown(undefined, lines, jsonView(scriptSubject('x.bt'), JSON_LINES))).slice(1)).toEqual([
      { type: 'text', text: 'a\\x1b[2J\\nb\\n'.replaceAll('\\x1b', '\x1b').replaceAll('\\n', '\n') },
      { type: 'value', value: [1, 'a b'] },
      { type: 'map', name: '@n', entries: [{ key: 'x', value: 2 }] },
    ])
  })
})

test('the summary says what is missing', () => {
  const session = followRun(headerOf({ job: 'pagefaults' }), findJob('pagefaults'), () => {})
  const keys = Object.fromEntries(Array.from({ length: MAP_KEYS }, (_, i) => [i, 1]))
  session.line(JSON.stringify({ type: 'map', data: { '@faults': keys } }))
  expect(parsed(summaryLine(session, session.warnings()))[0]).toMatchObject({
    type: 'summary',
    fullMaps: ['@faults'],
    warnings: [{ code: 'map-full' }, { code: 'recording-cut' }],
    unreadable: {},
  })
})
