import { expect, test } from 'vitest'
import { whyNotComparable, type LookOrigin } from './same-machine.ts'

const ORIGIN: LookOrigin = { host: 'web1', bootedAtMs: 1_700_000_000_000, netns: 'net:[1]' }

test.each<[string, Partial<LookOrigin>, string | undefined]>([
  ['the same', {}, undefined],
  ['a boot time that was computed anew', { bootedAtMs: ORIGIN.bootedAtMs! + 1000 }, undefined],
  ['another boot', { bootedAtMs: ORIGIN.bootedAtMs! + 60_000 }, 'the machine was booted between them'],
  ['no boot time', { bootedAtMs: undefined }, 'it is not recorded when the machine was booted'],
  ['another host', { host: 'web2' }, 'they are of two machines, web1 and web2'],
  ['no host', { host: undefined }, undefined],
  ['another namespace', { netns: 'net:[2]' }, 'they are of two network namespaces, net:[1] and net:[2]'],
  ['no namespace', { netns: undefined }, undefined],
])('%s', (_, changed, reason) => {
  expect(whyNotComparable(ORIGIN, { ...ORIGIN, ...changed })).toBe(reason)
})
