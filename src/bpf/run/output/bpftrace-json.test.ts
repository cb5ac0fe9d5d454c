import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BpfMessage } from './message.ts'
import { parseBpftraceLine, parseBpftraceVersion } from './bpftrace-json.ts'
import type { Dialect } from '../../model.ts'
import { fixture } from '../../../../test/support/paths.ts'

const folder = fixture('bpf/json/')
const VERSIONS: [string, Dialect][] = [
  ['017', 'A'],
  ['023', 'B'],
  ['027', 'C'],
]
const names = [...new Set(readdirSync(folder).flatMap(file => /^(.*)\.017\.out$/.exec(file)?.[1] ?? []))]

function messagesOf(name: string, version: string, dialect: Dialect): BpfMessage[] {
  return readFileSync(`${folder}${name}.${version}.out`, 'latin1')
    .split('\n')
    .flatMap(line => parseBpftraceLine(line, dialect) ?? [])
}

/** Messages without losses, which differ from run to run; maps sorted, because 0.24 and later do not. */
function settled(messages: BpfMessage[]): BpfMessage[] {
  for (const message of messages) {
    if (message.type === 'map') message.entries.sort((a, b) => String(a.key).localeCompare(String(b.key)))
  }
  return messages.filter(message => message.type !== 'lost')
}

/** Recordings whose programs count what else the machine does: the names of maps and the kinds of values compare. */
const BUSY = new Set(['cat', 'sigint', 'p_exit', 'wildcard_tp', 'lost_events', 'str_trunc', 'strftime', 'time', 'ksym'])
/** What a version does otherwise, for good: fails to compile it, aborts, or loses it. */
const DIFFERENT: Record<string, string> = {
  args_dot: '0.17 wants args->x',
  print_map: '0.17 has no print of a single entry',
  map_tuple_key: '0.17 has no tuples as keys',
  cgroup: '0.17 and 0.23 abort',
  bool: '0.23 prints true in a map as -1',
  buf: '0.27 prints a buffer in a map as numbers',
  cat_missing: '0.27 prints nothing',
  system: '0.27 merges stderr',
  map_full: '0.17 says nothing, 0.27 words it otherwise',
  err_kprobe: 'attached is said before attaching',
  err_kprobe_nosym: 'attached is said before attaching',
  err_hardware: 'attached is said before attaching',
}

/** Lines that are cut: by an abort of bpftrace, or in the middle of a long recording. */
const CUT: Record<string, (dialect: Dialect) => string[]> = {
  cgroup: dialect => (dialect === 'C' ? [] : ['{"type": "map", "data": {"@p": {']),
  lost_events: () => [
    expect.stringMatching(/^\{"type"/) as string,
    '...[cut by capture script]...',
    expect.stringMatching(/\}$/) as string,
  ],
}

describe('the recordings of three versions', () => {
  test('there are 48 of them', () => {
    expect(names.length).toBe(48)
  })

  test.each(names.filter(name => !BUSY.has(name) && DIFFERENT[name] === undefined))('%s: same values', name => {
    const [a, b, c] = VERSIONS.map(([version, dialect]) => settled(messagesOf(name, version, dialect)))
    expect(b).toEqual(a)
    expect(c).toEqual(a)
  })

  test.each([...BUSY])('%s: same shape', name => {
    const shape = (message: BpfMessage) => ('name' in message ? `${message.type} ${message.name}` : message.type)
    const shapes = VERSIONS.map(([version, dialect]) =>
      [...new Set(messagesOf(name, version, dialect).map(shape))].filter(s => s !== 'lost').sort(),
    )
    expect(shapes[1]).toEqual(shapes[0])
    expect(shapes[2]).toEqual(shapes[0])
  })

  test.each(names.flatMap(name => VERSIONS.map(([version, dialect]) => ({ name, version, dialect }))))(
    '$name of $version: nothing is unreadable but what was cut off',
    ({ name, version, dialect }) => {
      const unreadable = messagesOf(name, version, dialect).filter(message => message.type === 'unreadable')
      expect(unreadable.map(message => message.line)).toEqual(CUT[name]?.(dialect) ?? [])
    },
  )
})

const value = (line: string, dialect: Dialect = 'A') => {
  const message = parseBpftraceLine(line, dialect)
  return message?.type === 'value' ? message.value : message
}

describe('values', () => {
  test.each([
    ['bytes of UTF-8', String.raw`{"type": "value", "data": "caf\uffffffc3\uffffffa9"}`, 'caf\xc3\xa9'],
    ['bytes that are no UTF-8', String.raw`{"type": "value", "data": "\uffffffff\u0001"}`, '\xff\x01'],
    ['bytes as they are (unsigned char)', '{"type": "value", "data": "caf\xc3\xa9"}', 'caf\xc3\xa9'],
    ['text that only looks mangled', String.raw`{"type": "value", "data": "ffc3"}`, 'ffc3'],
    ['a large integer', '{"type": "value", "data": [18446744073709551615]}', [18446744073709551615n]],
    ['an integer just safe', '{"type": "value", "data": 9007199254740991}', 9007199254740991],
    ['an integer just not', '{"type": "value", "data": -9007199254740993}', -9007199254740993n],
    ['digits in a string', '{"type": "value", "data": "a 18446744073709551615"}', 'a 18446744073709551615'],
    [
      'a string between quotes',
      String.raw`{"type": "value", "data": "a\"1234567890123456789\""}`,
      'a"1234567890123456789"',
    ],
    ['nested tuples', '{"type": "value", "data": [1,"a",[2,3]]}', [1, 'a', [2, 3]]],
  ])('%s', (_, line, expected) => {
    expect(value(line)).toEqual(expected)
  })

  test('an integer that dialect C wrote as a string', () => {
    expect(value('{"type": "value", "data": "18446744073709551615"}', 'C')).toBe(18446744073709551615n)
    expect(value('{"type": "value", "data": "18446612686715359872"}', 'C')).toBe(18446612686715359872n)
    // Far from what a double rounds, so C would have written a number: it is text.
    expect(value('{"type": "value", "data": "1234567890123456"}', 'C')).toBe('1234567890123456')
  })

  test('any bytes in a string survive', () => {
    const mangle = (byte: number) =>
      byte >= 0x80
        ? String.raw`\uffffff` + byte.toString(16)
        : byte < 0x20 || byte === 0x22 || byte === 0x5c
          ? String.raw`\u00` + byte.toString(16).padStart(2, '0')
          : String.fromCharCode(byte)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 40 }), bytes => {
        const expected = Buffer.from(bytes).toString('latin1')
        // Digits alone are a number in dialect C.
        fc.pre(!/^-?\d{16,20}$/.test(expected))
        expect(value(`{"type": "value", "data": "${[...bytes].map(mangle).join('')}"}`)).toBe(expected)
      }),
    )
  })
})

describe('maps', () => {
  const map = (line: string, dialect: Dialect) => parseBpftraceLine(line, dialect)

  test('keys that look like indexes keep their order', () => {
    expect(map('{"type": "map", "data": {"@": {"b": 1, "10": 2, "9": 3}}}', 'A')).toMatchObject({
      entries: [
        { key: 'b', value: 1 },
        { key: '10', value: 2 },
        { key: '9', value: 3 },
      ],
    })
  })

  test('a key that appears twice is not lost', () => {
    expect(map('{"type": "map", "data": {"@": {"ab": 1, "ab": 2}}}', 'C')).toEqual({
      type: 'map',
      name: '@',
      entries: [
        { key: 'ab', value: 1 },
        { key: 'ab', value: 2 },
      ],
      doubleKeys: true,
    })
  })

  test('dialect B escapes keys twice', () => {
    const line = String.raw`{"type": "map", "data": {"@": {"caf\\uffffffc3\\uffffffa9\\\"": 1}}}`
    expect(map(line, 'B')).toMatchObject({ entries: [{ key: 'caf\xc3\xa9"', value: 1 }] })
    const stack = String.raw`{"type": "map", "data": {"@": {"\\n        vfs_read+1\\n": 1}}}`
    expect(map(stack, 'B')).toMatchObject({ entries: [{ key: '\n        vfs_read+1\n' }] })
    expect(map(String.raw`{"type": "map", "data": {"@": {"a\\n": 1}}}`, 'A')).toMatchObject({
      entries: [{ key: 'a\\n' }],
    })
  })

  test('a key called __proto__ is a key', () => {
    expect(map('{"type": "map", "data": {"@": {"__proto__": 1, "constructor": 2}}}', 'A')).toMatchObject({
      entries: [
        { key: '__proto__', value: 1 },
        { key: 'constructor', value: 2 },
      ],
    })
  })

  test('histograms, with open ends', () => {
    const line =
      '{"type": "hist", "data": {"@h": [{"max": -1, "count": 1}, {"min": 0, "max": 0, "count": 2}, {"min": 2, "count": 3}]}}'
    expect(map(line, 'A')).toEqual({
      type: 'histogram',
      name: '@h',
      entries: [
        {
          value: [
            { max: -1, count: 1 },
            { min: 0, max: 0, count: 2 },
            { min: 2, count: 3 },
          ],
        },
      ],
    })
  })

  test('a keyed average and a single stats() nest alike', () => {
    expect(map('{"type": "stats", "data": {"@": {"count": 1, "average": 7, "total": 7}}}', 'A')).toMatchObject({
      entries: [{ value: { count: 1, average: 7, total: 7 } }],
    })
    expect(map('{"type": "stats", "data": {"@": {"count": 1, "average": 7}}}', 'A')).toMatchObject({
      entries: [
        { key: 'count', value: 1 },
        { key: 'average', value: 7 },
      ],
    })
  })
})

describe('everything else', () => {
  test.each([
    ['', undefined],
    ['  ', undefined],
    ['{"type": "lost_events", "count": 5259, "data": {"events": 5259}}', { type: 'lost', events: 5259 }],
    ['{"type": "attached_probes", "count": 1, "data": {"probes": 1}}', { type: 'attached', probes: 1 }],
    [
      '{"type": "helper_error", "msg": "Map full; can\'t update", "helper": "map_update_elem", "retcode": -7, "line": 1, "col": 2}',
      { type: 'fault', kind: 'helper_error', message: "Map full; can't update", helper: 'map_update_elem', code: -7 },
    ],
    [
      '{"type": "errorf", "msg": "bad 3\\n", "filename": "stdin", "line": 1, "col": 8}',
      { type: 'fault', kind: 'errorf', message: 'bad 3' },
    ],
  ])('%s', (line, expected) => {
    expect(parseBpftraceLine(line, 'C')).toEqual(expected)
  })

  test.each([
    '{"type": "map", "data": {"@p": {',
    'Attaching 3 probes...',
    '[]',
    '1',
    'null',
    '{"type": "new", "data": 1}',
    '{"type": "map"}',
  ])('unreadable: %s', line => {
    expect(parseBpftraceLine(line, 'A')).toMatchObject({ type: 'unreadable', line })
  })

  test('any line is read without a throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom<Dialect>('A', 'B', 'C'), (line, dialect) => {
        parseBpftraceLine(line, dialect)
        parseBpftraceLine(`{"type": "map", "data": ${line}}`, dialect)
      }),
    )
  })

  test.each([
    ['bpftrace v0.17.0', 'A', '0.17.0'],
    ['bpftrace v0.21.3', 'A', '0.21.3'],
    ['bpftrace v0.22.0', 'B', '0.22.0'],
    ['bpftrace v0.23.2\n', 'B', '0.23.2'],
    ['bpftrace v0.24.0-dirty', 'C', '0.24.0-dirty'],
    ['bpftrace v1.0.0', 'C', '1.0.0'],
  ])('%j speaks dialect %s', (text, dialect, version) => {
    expect(parseBpftraceVersion(text)).toEqual({ version, dialect })
  })

  test('what is no bpftrace has no dialect', () => {
    expect(parseBpftraceVersion('strace -- version 6.1')).toBeUndefined()
  })
})
