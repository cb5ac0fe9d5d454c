import { expect, test } from 'vitest'
import { redacted } from './redaction.ts'
import { argument, kept, redactTexts, UNKNOWN_FORM } from './texts.ts'
import { redactPath, redactText } from './words.ts'

const NAMES = { hosts: ['web1'], users: ['alice'] }

test('texts go by their key, or by holder and key; one that nobody knows is not shown', () => {
  const rules = { name: kept, 'file.name': redactPath, args: argument }
  const value = {
    name: 'read',
    file: { name: '/srv/acme' },
    args: ['/usr/bin/psql', 'secret'],
    note: 'acme',
    constructor: 'acme',
    count: 3,
    gone: null,
    weights: new Float64Array([1, 2]),
    deep: [{ file: [{ name: '/srv/acme' }] }],
  }
  expect(redacted(NAMES, redaction => redactTexts(value, rules, redaction))).toEqual({
    ...value,
    file: { name: '/srv/n1xx' },
    args: ['/usr/bin/psql', 'arg1'],
    note: UNKNOWN_FORM,
    constructor: UNKNOWN_FORM,
    deep: [{ file: [{ name: '/srv/n1xx' }] }],
  })
})

test.each([
  ['web1 has 3 of 10.1.2.3:443', 'host1 has 3 of 10.0.0.1:443'],
  ['cannot open /home/alice/.ssh/id: denied', 'cannot open /home/n1xxx/n1xx/n1: denied'],
  [
    'sysctl -w net.ipv4.tcp_tw_reuse=1; see /proc/sys/net/ipv4',
    'sysctl -w net.ipv4.tcp_tw_reuse=1; see /proc/sys/net/ipv4',
  ],
  ['3 of 4 and/or 5/6', '3 of 4 and/or 5/6'],
])('a sentence: %j', (text, shown) => {
  expect(redacted(NAMES, redaction => redactText(text, redaction))).toBe(shown)
})

test('one value is one pseudonym in all that belongs together, and none is a value that occurs', () => {
  const [first, second] = redacted(NAMES, redaction => [
    redactText('10.9.9.9 and 10.0.0.1', redaction),
    redactText('10.0.0.1', redaction),
  ])
  expect(first).toBe('10.0.0.2 and 10.0.0.3')
  expect(second).toBe('10.0.0.3')
})
