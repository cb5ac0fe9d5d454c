// Mutated and truncated files of /proc never crash a reader, never put a control character on the terminal and always
// give valid JSON that holds what the text shows.
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { ALL_TABLES } from './tables/read-tables.ts'
import { collectSockets } from './read.ts'
import { NUMERIC } from './names/names.ts'
import { columnLines } from '../terminal/columns.ts'
import { escapeBytes, escapeText, quoted } from '../terminal/escape.ts'
import { documentPieces } from '../terminal/json.ts'
import { compatLines } from './show/compat.ts'
import { SOCKET_COLUMN_NAMES, socketColumns } from './show/columns.ts'
import { socketJson } from './show/socket-json.ts'
import { socketTable } from './show/table.ts'
import { createTheme } from '../terminal/theme.ts'
import { openSource } from '../proc/open-source.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { ZOO } from '../../test/support/paths.ts'

/** Control characters, C1 included, and what turns text around; the newline ends our own lines. */
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
const context = { names: NUMERIC, userHz: 100 }
const plain = createTheme(false)
const sections = { inet: true, unix: true, packet: true, netlink: true }
const display = {
  all: true,
  listening: false,
  extend: true,
  programs: true,
  peer: false,
  timers: true,
  cmdline: true,
  why: true,
  header: true,
  sections,
}

type Mutation = { at: number; kind: 'flip' | 'cut' | 'insert' | 'repeat'; byte: number }
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
  byte: fc.integer({ min: 0, max: 255 }),
})

function mutate(bytes: Buffer, mutations: readonly Mutation[]): Buffer {
  let result = bytes
  for (const { at, kind, byte } of mutations) {
    const place = Math.floor(at * result.length)
    const one = Buffer.from([byte])
    if (kind === 'flip') result = Buffer.concat([result.subarray(0, place), one, result.subarray(place + 1)])
    else if (kind === 'cut') result = result.subarray(0, place)
    else if (kind === 'insert') result = Buffer.concat([result.subarray(0, place), one, result.subarray(place)])
    else result = Buffer.concat([result.subarray(0, place), result.subarray(Math.max(0, place - 200))])
  }
  return result
}

describe('hostile /proc', () => {
  let zoo: ProcSource
  beforeAll(async () => {
    zoo = await openSource(ZOO, undefined)
  })

  function everyOutput(source: ProcSource): void {
    const report = collectSockets(source, {
      tables: ALL_TABLES,
      selection: { all: true, listening: false, ports: [] },
      owners: 'full',
    })
    const table = [...socketTable(report.sockets, display, context, plain, { color: false, width: Infinity })].join('')
    const everyColumn = [
      ...columnLines(socketColumns(SOCKET_COLUMN_NAMES, context, plain), report.sockets, {
        widths: 'fit',
        header: true,
        color: false,
      }),
    ].join('')
    expect(table).not.toMatch(UNSAFE)
    expect(everyColumn).not.toMatch(UNSAFE)
    expect(everyColumn.split('\n')).toHaveLength(report.sockets.length + 2)
    for (const line of compatLines(report.sockets, { ...display, wide: true, numericHosts: true, ...context }))
      expect(line.slice(0, -1)).not.toMatch(/[\x00-\x1f\x7f]/)
    const text = [
      ...documentPieces(
        {
          what: 'sockets',
          origin: { host: undefined, takenAt: undefined, source: 'test' },
          lists: { sockets: report.sockets.map(socket => socketJson(socket, 100)) },
          facts: {},
        },
        [],
      ),
    ].join('')
    const document = JSON.parse(text) as { sockets: unknown[] }
    expect(document.sockets).toHaveLength(report.sockets.length)
  }

  test('mutated and truncated files', () => {
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 30 }),
        (mutations, which) => {
          everyOutput({
            ...zoo,
            readFile: path => {
              const bytes = zoo.readFile(path)
              return Buffer.from(path).reduce((sum, byte) => sum + byte, 0) % 31 === which || path.startsWith('net/')
                ? mutate(bytes, mutations)
                : bytes
            },
          })
        },
      ),
      { numRuns: 150 },
    )
  })

  test('hostile names of processes, sockets and units', () => {
    const hostile = fc
      .array(fc.integer({ min: 1, max: 255 }), { maxLength: 60 })
      .map(bytes => Buffer.from(bytes).toString('latin1'))
    fc.assert(
      fc.property(hostile, hostile, (name, link) => {
        everyOutput({
          ...zoo,
          readFile: path => {
            if (path.endsWith('/cmdline')) return Buffer.from(`${name}\0${link}\0`, 'latin1')
            if (path.endsWith('/cgroup')) return Buffer.from(`0::/system.slice/${name}.service\n`, 'latin1')
            return path.endsWith('/comm') ? Buffer.from(`${link}\n`, 'latin1') : zoo.readFile(path)
          },
          readLink: path => (path.endsWith('/exe') ? link : zoo.readLink(path)),
        })
      }),
      { numRuns: 100 },
    )
  })
})

describe('escaping', () => {
  test('loses nothing: bytes come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), raw => {
        const bytes = Buffer.from(raw).toString('latin1')
        const escaped = escapeBytes(bytes)
        expect(escaped).not.toMatch(UNSAFE)
        expect(escaped).not.toContain('\n')
        expect(unescaped(escaped).equals(Buffer.from(raw))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('any text comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(escapeText(text)).not.toMatch(UNSAFE)
        expect(unescaped(escapeText(text)).toString('utf8')).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  test('letters that nobody sees are escaped, and come back', () => {
    const text = 'a\u{e0001}\u{e0041}\xadb\u202e\u{e007f}'
    expect(escapeText(text)).toBe(String.raw`a\udb40\udc01\udb40\udc41\u00adb\u202e\udb40\udc7f`)
    expect(unescaped(escapeText(text)).toString('utf8')).toBe(text)
  })

  test('a word is one word of any list, and comes back', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', ',', ' ', "'", '"', '\\', '\n', '1/x') }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(words, texts => {
        const list = texts.map(text => quoted(escapeText(text))).join(',')
        const read = list.match(/'[^']*'|[^,']+/g) ?? []
        expect(read.map(word => unescaped(word.replace(/^'([^]*)'$/, '$1')).toString('utf8'))).toEqual(texts)
      }),
      { numRuns: 1000 },
    )
  })

  test('a lone half of a surrogate pair is escaped, a whole pair is not', () => {
    expect(escapeText('\ud83d')).toBe(String.raw`\ud83d`)
    expect(escapeText('😀')).toBe('😀')
  })
})

/** The inverse of escapeBytes, to bytes. */
function unescaped(text: string): Buffer {
  const parts = text.match(/\\x[0-9a-f]{2}|(?:\\u[0-9a-f]{4})+|\\[ntr\\]|[^\\]/gu) ?? []
  return Buffer.concat(
    parts.map(part => {
      if (part.startsWith('\\x')) return Buffer.from(part.slice(2), 'hex')
      if (part.startsWith('\\u'))
        // Two halves next to each other are one character.
        return Buffer.from(
          String.fromCharCode(
            ...part
              .split('\\u')
              .slice(1)
              .map(code => Number.parseInt(code, 16)),
          ),
        )
      return Buffer.from({ '\\n': '\n', '\\t': '\t', '\\r': '\r', '\\\\': '\\' }[part] ?? part)
    }),
  )
}
