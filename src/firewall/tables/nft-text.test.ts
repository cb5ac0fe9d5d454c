import { expect, test } from 'vitest'
import { expressionText, ruleText } from './nft-text.ts'
import type { Json } from './nft-values.ts'

test.each<[Json[], string]>([
  [[{ xt: { type: 'target', name: 'DNAT' } }], 'xt target "DNAT"'],
  [[{ xt: null }], 'xt'],
  [[{ dnat: { addr: 'fd00::2', port: 80 } }], 'dnat to [fd00::2]:80'],
  [[{ redirect: { port: 80 } }], 'redirect to :80'],
  [[{ redirect: null }], 'redirect'],
  [[{ counter: { packets: 1, bytes: 60 } }, { drop: null }], 'drop'],
  [[{ limit: { rate: 3, per: 'second', inv: true } }, { drop: null }], 'limit rate over 3/second drop'],
  [[{ unheard: { of: 1 } }, { accept: null }], '{"unheard":{"of":1}} accept'],
])('%j is %s', (statements, text) => {
  expect(ruleText(statements, undefined)).toBe(text)
})

test('a comment stands at the end, as nft prints it', () => {
  expect(ruleText([{ drop: null }], 'why')).toBe('drop comment "why"')
})

test('a long list is cut and its length told', () => {
  const set = Array.from({ length: 100 }, (_, port) => port)
  expect(expressionText({ set })).toBe('{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (100) }')
})
