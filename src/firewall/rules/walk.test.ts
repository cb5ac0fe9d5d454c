import { expect, test } from 'vitest'
import type { Action, Chain, Condition, Rule } from '../model.ts'
import { addressNumber } from '../tables/address-range.ts'
import type { Packet } from './condition-truth.ts'
import { endingsOf } from './walk.ts'

const PACKET: Packet = {
  family: 4,
  protocol: 'tcp',
  destination: addressNumber('192.0.2.1')!,
  port: 80,
  inInterface: undefined,
  outInterface: undefined,
  isLocal: true,
  isTranslated: false,
}
const YES: Condition = { on: 'family', family: 4, not: false }
const NO: Condition = { on: 'family', family: 6, not: false }
const PERHAPS: Condition = { on: 'other', text: 'limit' }

const ACTIONS: Record<string, Action> = {
  accept: { kind: 'accept' },
  drop: { kind: 'drop' },
  return: { kind: 'return' },
  next: { kind: 'next' },
  queue: { kind: 'other', text: 'queue' },
}
const CONDITIONS: Record<string, Condition> = { yes: YES, no: NO, perhaps: PERHAPS }

/** `yes accept`, `perhaps jump a`. */
function rule(text: string): Rule {
  const [when = '', kind = '', target = ''] = text.split(' ')
  const action = ACTIONS[kind] ?? { kind: kind as 'jump', chain: target }
  return { where: text, text, conditions: [CONDITIONS[when]!], action }
}

function endings(chains: Record<string, string[]>, policy: 'accept' | 'drop' = 'drop'): string[] {
  const made = Object.entries(chains).map(([name, rules]): Chain => ({
    tool: 'nft',
    family: 'ip',
    table: 't',
    name,
    base: name === 'in' ? { type: 'filter', hook: 'input', priority: 0, policy } : undefined,
    rules: rules.map(rule),
  }))
  return endingsOf(made[0]!, made, PACKET).map(
    ending =>
      `${ending.verdict} by ${ending.rule?.text ?? 'policy'}${ending.perhaps ? ` if ${ending.perhaps.text}` : ''}`,
  )
}

test.each<[string, Record<string, string[]>, string[]]>([
  ['the policy', { in: [] }, ['drop by policy']],
  ['a rule that does not hold', { in: ['no accept'] }, ['drop by policy']],
  ['the first that holds', { in: ['yes next', 'yes accept', 'yes drop'] }, ['accept by yes accept']],
  [
    'one that holds perhaps',
    { in: ['perhaps accept'] },
    ['accept by perhaps accept if perhaps accept', 'drop by policy if perhaps accept'],
  ],
  [
    'what comes behind it is reached perhaps',
    { in: ['perhaps accept', 'yes drop', 'yes accept'] },
    ['accept by perhaps accept if perhaps accept', 'drop by yes drop if perhaps accept'],
  ],
  ['a jump and back', { in: ['yes jump a', 'yes accept'], a: ['no drop'] }, ['accept by yes accept']],
  ['a jump that ends it', { in: ['yes jump a', 'yes accept'], a: ['yes drop'] }, ['drop by yes drop']],
  ['return', { in: ['yes jump a', 'yes accept'], a: ['yes return', 'yes drop'] }, ['accept by yes accept']],
  ['return of a base chain', { in: ['yes return', 'yes accept'] }, ['drop by policy']],
  ['goto does not come back', { in: ['yes goto a', 'yes accept'], a: ['no drop'] }, ['drop by policy']],
  [
    'goto inside a jump comes back to the jump',
    { in: ['yes jump a', 'yes accept'], a: ['yes goto b', 'yes drop'], b: ['no drop'] },
    ['accept by yes accept'],
  ],
  [
    'a jump that holds perhaps',
    { in: ['perhaps jump a', 'yes accept'], a: ['yes drop'] },
    ['drop by yes drop if perhaps jump a', 'accept by yes accept if perhaps jump a'],
  ],
  [
    'a return that holds perhaps',
    { in: ['yes jump a', 'yes accept'], a: ['perhaps return', 'yes drop'] },
    ['drop by yes drop if perhaps return', 'accept by yes accept if perhaps return'],
  ],
  ['a queue may let it pass or not', { in: ['yes queue'] }, ['other by yes queue', 'drop by policy if yes queue']],
  [
    'a chain that is not there',
    { in: ['yes jump lost', 'yes accept'] },
    ['other by yes jump lost', 'accept by yes accept if yes jump lost'],
  ],
])('%s', (_, chains, expected) => {
  expect(endings(chains)).toEqual(expected)
})

test('chains that call each other for ever come to an end', () => {
  const found = endings({ in: ['yes jump in', 'yes jump in'] })
  expect(found.some(text => text.startsWith('other'))).toBe(true)
})
