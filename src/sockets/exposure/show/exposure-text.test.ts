import { describe, expect, test } from 'vitest'
import { createTheme } from '../../../terminal/theme.ts'
import type { ExposedPath, FirewallOpinion, QuotedRule } from '../exposure-report.ts'
import { becauseText, exposureText, reachText } from './exposure-text.ts'
import { ruleText, shortRule } from './rule-text.ts'

const path = (scope: ExposedPath['scope'], addresses: string[], rest: Partial<ExposedPath> = {}): ExposedPath => ({
  family: 4,
  scope,
  addresses,
  firewall: undefined,
  ...rest,
})

test.each<[ExposedPath[], string]>([
  [[path('public', ['192.0.2.1'])], 'public 192.0.2.1'],
  [
    [path('private', ['10.0.0.1']), path('public', ['1.1.1.1', '2.2.2.2', '3.3.3.3'])],
    'public 1.1.1.1, 2.2.2.2 +1, private 10.0.0.1',
  ],
  [[path('link-local', ['fe80::1', 'fe80::2'])], 'link-local'],
  [[path('link-local', ['fe80::1'])], 'link-local fe80::1'],
  [[path('private', [])], 'private, not there now'],
  [[path('unknown', []), path('unknown', [], { family: 6 })], 'IPv4 and IPv6, addresses not known'],
  [[path('public', ['192.0.2.1'], { perhaps: true })], 'public 192.0.2.1 (perhaps)'],
])('%j is %s', (paths, text) => {
  expect(reachText(paths)).toBe(text)
})

const rule = (text: string, rest: Partial<QuotedRule> = {}): QuotedRule => ({
  verdict: 'accept',
  where: 'inet t in handle 1',
  text,
  perhaps: false,
  ...rest,
})
const opinion = (rest: Partial<FirewallOpinion>): FirewallOpinion => ({ answer: 'accepted', because: [], ...rest })

describe('why', () => {
  test.each<[Partial<FirewallOpinion>, string]>([
    [{}, 'no rule looks at it'],
    [{ because: [rule('tcp dport 80 accept')] }, 'tcp dport 80 accept'],
    [{ because: [rule('a'), rule('b'), rule('c'), rule('d')] }, 'a, else b, else c, …'],
    [{ because: [rule('policy drop', { where: 'inet t in' })] }, 'policy drop of inet t in'],
    [{ answer: 'unknown' }, 'the rules could not be read'],
    [{ taken: { all: true, rule: rule('dnat') } }, 'taken before it by: dnat'],
    [{ because: [rule('a')], taken: { all: false, rule: rule('dnat') } }, 'a; some taken before by: dnat'],
    [{ because: [rule('\x1b[31m')] }, '\\x1b[31m'],
  ])('%j: %s', (rest, text) => {
    expect(becauseText(opinion(rest))).toBe(text)
  })
})

test('a rule in a sentence and in a cell', () => {
  expect(ruleText(rule('accept', { under: 'iifname eth0 jump zone' }))).toBe(
    'inet t in handle 1: accept (behind: iifname eth0 jump zone)',
  )
  expect(shortRule(rule('accept'))).toBe('accept')
})

test('nothing listens', () => {
  const report = { listeners: [], published: [], gaps: [], findings: [] }
  expect([...exposureText(report, true, createTheme(false), { color: false, width: 80 })].join('')).toBe(
    'nothing listens here\n',
  )
})
