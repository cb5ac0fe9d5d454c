import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentLine, documentPieces, safeJson, startLine } from './json.ts'

const HOSTILE = 'a\x9b31m\u202etxt\x7f\u2028'
const UNSAFE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/

test('what a terminal would obey is escaped, and comes back', () => {
  expect(safeJson({ name: HOSTILE })).toBe(String.raw`{"name":"a\u009b31m\u202etxt\u007f\u2028"}`)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(safeJson(text)).not.toMatch(UNSAFE)
      expect(JSON.parse(safeJson(text))).toBe(text)
    }),
  )
})

test('in every part of documents and lines', () => {
  const document = {
    what: 'sockets',
    origin: { host: HOSTILE, takenAt: undefined, source: HOSTILE },
    lists: { sockets: [{ program: HOSTILE }] },
    facts: { path: HOSTILE },
  }
  const warnings = [{ code: 'files-limited', message: HOSTILE }]
  for (const text of [
    [...documentPieces(document, warnings)].join(''),
    documentLine('sockets', document, warnings),
    startLine(document),
  ]) {
    expect(text).not.toMatch(UNSAFE)
    expect(JSON.parse(text)).toMatchObject({ host: HOSTILE, path: HOSTILE })
  }
})
