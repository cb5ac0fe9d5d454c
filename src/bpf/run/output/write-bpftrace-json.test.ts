import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../../test/support/paths.ts'
import type { Dialect } from '../../model.ts'
import { parseBpftraceLine } from './bpftrace-json.ts'
import { writeBpftraceLine } from './write-bpftrace-json.ts'

const folder = fixture('bpf/json/')
const DIALECTS: Record<string, Dialect> = { '017': 'A', '023': 'B', '027': 'C' }
const messagesOf = (file: string, dialect: Dialect) =>
  readFileSync(`${folder}${file}`, 'latin1')
    .split('\n')
    .flatMap(line => parseBpftraceLine(line, dialect) ?? [])

test.each(Object.entries(DIALECTS))(
  'what is written is read as what it was, in the recordings of %s',
  (version, dialect) => {
    const files = readdirSync(folder).filter(file => file.endsWith(`.${version}.out`))
    const messages = files.flatMap(file => messagesOf(file, dialect))
    expect(new Set(messages.map(({ type }) => type)).size).toBeGreaterThan(6)
    for (const message of messages)
      expect(parseBpftraceLine(writeBpftraceLine(message, dialect), dialect)).toEqual(message)
  },
)

test.each<[Dialect, string]>([
  ['A', '{"type": "map", "data": {"@x": {"a,b": 18446744073709551615, "2": 1, "1": 2, "2": 3}}}'],
  ['B', '{"type": "map", "data": {"@x": {"a\\\\\\"b\\\\nc": "\\u001b[31m"}}}'],
  ['C', '{"type": "value", "data": ["x", "18446744073709551615", "\\n    vfs_read+1\\n", -9007199254740993]}'],
  [
    'A',
    '{"type": "hist", "data": {"@h": [{"max": -1, "count": 1}, {"min": 0, "max": 0, "count": 2}, {"min": 1, "count": 3}]}}',
  ],
  ['C', '{"type": "stats", "data": {"@s": {"k": {"count": 1, "average": 2, "total": 3}}}}'],
  ['A', '{"type": "helper_error", "msg": "no such file", "helper": "probe_read", "retcode": -14}'],
])('hostile keys, whole integers and losses, dialect %s: %s', (dialect, line) => {
  const message = parseBpftraceLine(line, dialect)!
  expect(message.type).not.toBe('unreadable')
  expect(parseBpftraceLine(writeBpftraceLine(message, dialect), dialect)).toEqual(message)
})
