import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { checkQuery } from './check-query.ts'
import type { Question } from './thread/protocol.ts'

test.each<[Question, object]>([
  ['open', {}],
  ['open', { from: undefined, host: 'web1', timeoutMs: 1 }],
  ['sockets', { protocols: [], port: 1, listening: false }],
  ['sockets', { protocols: ['tcp'], port: [1, 2], family: 'ipv6' }],
  ['watch', { interval: 1, filter: '' }],
  ['processes', { pid: [1] }],
])('%s %j is well formed', (question, query) => {
  expect(() => checkQuery(question, query)).not.toThrow()
  expect(() => checkQuery(question, { ...query, signal: AbortSignal.abort() })).not.toThrow()
})

test.each<[Question, unknown, string]>([
  ['open', 'web1.snap.json', 'open() takes an object with what is asked, not "web1.snap.json"'],
  ['open', null, 'open() takes an object with what is asked, not null'],
  ['sockets', ['tcp'], 'sockets() takes an object with what is asked, not ["tcp"]'],
  ['open', { form: 'x' }, 'open() knows no "form"'],
  ['sockets', { constructor: 1 }, 'sockets() knows no "constructor"'],
  ['sockets', { interval: 1 }, 'sockets() knows no "interval"'],
  ['open', { from: new URL('file:///x') }, 'from is an object, not a text'],
  ['sockets', { protocols: 'tcp' }, 'protocols is "tcp", not a list of texts'],
  ['sockets', { protocols: [4] }, 'protocols is [4], not a list of texts'],
  ['sockets', { port: '80' }, 'port is "80", not a number or a list of numbers'],
  ['sockets', { port: () => 80 }, 'port is () => 80, not a number or a list of numbers'],
  ['sockets', { owners: null }, 'owners is null, not true or false'],
  ['sockets', { family: 'ipv5' }, 'family is "ipv5", not one of ipv4, ipv6'],
  ['diagnose', { durationMs: '2000' }, 'durationMs is "2000", not a number'],
])('%s %j is refused', (question, query, message) => {
  expect(() => checkQuery(question, query)).toThrow(UsageError)
  expect(() => checkQuery(question, query)).toThrow(message)
})

test.each([null, {}, 5])('%j is no signal', signal =>
  expect(() => checkQuery('watch', { signal })).toThrow('not an AbortSignal'),
)
