import { describe, expect, test } from 'vitest'
import { InputError } from '../../errors.ts'
import { looksLikeProfileJson, parseProfileJson } from './saved-profile.ts'

test.each([
  ['{"schema": "linsight/syscall-profile/1"', true],
  [' {\n "schema":"linsight/syscall-profile/2"', true],
  ['{"type":"summary","schema":"linsight/syscall-profile/1"', true],
  ['{"schema":"linsight/snapshot/1"', false],
  ['read(3, "{\\"schema\\": \\"linsight/syscall', false],
])('%s: a record of ours: %s', (head, expected) => {
  expect(looksLikeProfileJson(head)).toBe(expected)
})

describe('a record', () => {
  const SCHEMA = '"schema":"linsight/syscall-profile/1"'

  test('what it leaves out is empty', () => {
    const text = `{${SCHEMA},"profile":{"meta":{"backend":"strace"},"syscalls":[{"name":"read","abi":"native","calls":1,"errors":0,"latency":{"buckets":[[1000,3]]}}]}}`
    const { rejected, warnings, syscalls, threads } = parseProfileJson(text, 'a.json')
    expect([rejected, warnings, threads]).toEqual([[], [], undefined])
    expect(syscalls[0]!.latency!.counts.reduce((a, b) => a + b, 0)).toBe(3)
  })

  test.each([
    ['cut short', `{${SCHEMA},"profile":`, /a\.json is no JSON/],
    ['of a later version', '{"schema":"linsight/syscall-profile/2","profile":{"syscalls":[]}}', /syscall-profile\/2/],
    ['without its rows', `{${SCHEMA},"profile":{"syscalls":{}}}`, /not linsight\/syscall-profile\/1/],
    ['without a profile', `{${SCHEMA}}`, /not linsight/],
  ])('%s is refused', (_, text, message) => {
    expect(() => parseProfileJson(text, 'a.json')).toThrow(InputError)
    expect(() => parseProfileJson(text, 'a.json')).toThrow(message)
  })
})
