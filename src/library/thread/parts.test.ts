import { expect, test } from 'vitest'
import { documentPieces, type AnyDocument } from '../../terminal/json.ts'
import { Assembly, partsOf } from './parts.ts'
import type { Part } from './protocol.ts'

const documentOf = (lists: Record<string, unknown[]>): AnyDocument => ({
  what: 'zoo',
  origin: { host: 'web1', takenAt: undefined, source: 'live' },
  lists,
  facts: { count: 3, absent: undefined },
  unreadable: { EACCES: 1 },
})

const WARNINGS = [{ code: 'dump-cut', message: 'text' }] as const

function assembled(document: AnyDocument): { parts: Part[]; whole: object | undefined } {
  const assembly = new Assembly()
  const parts = [...partsOf({ document, warnings: WARNINGS })].map(part => ({ ...part, id: 1 }))
  return { parts, whole: parts.map(part => assembly.add(part)).at(-1) }
}

test.each([
  ['no lists', {}],
  ['an empty list', { animals: [] }],
  ['two lists', { animals: [{ name: 'a\u2028' }, { name: undefined, legs: 0 }], cages: [1, null, 'x'] }],
  ['more than a part holds', { animals: Array.from({ length: 5000 }, (_, i) => ({ name: `animal ${i}` })) }],
])('%s: the whole is what is printed', (_, lists) => {
  const document = documentOf(lists)
  expect(assembled(document).whole).toEqual(JSON.parse([...documentPieces(document, WARNINGS)].join('')))
})

test('no part is long', () => {
  const { parts } = assembled(documentOf({ animals: Array.from({ length: 5000 }, (_, i) => `animal ${i}`.repeat(9)) }))
  expect(parts.length).toBeGreaterThan(6)
  for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(64 * 1024)
})

test('one assembly puts several documents together, one after the other', () => {
  const assembly = new Assembly()
  const names = ['a', 'b'].map(name =>
    [...partsOf({ document: documentOf({ animals: [name] }), warnings: [] })]
      .map(part => assembly.add({ ...part, id: 1 }))
      .at(-1),
  )
  expect(names).toMatchObject([{ animals: ['a'] }, { animals: ['b'] }])
})
