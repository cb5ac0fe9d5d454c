import { expect, test } from 'vitest'
import { collectorScript } from './script.ts'

const nonce = '0123456789abcdef'.repeat(2)

test('only numbers and the nonce become part of it', () => {
  const script = collectorScript({
    nonce,
    looks: 2,
    pauseSeconds: 5.4,
    ask: { version: '0.1.', what: 'diagnosis', seconds: 5, tracing: false },
  })
  expect(script.split('\n').slice(0, 7)).toEqual([
    `n=${nonce}`,
    'looks=2',
    'pause=5',
    'ask=diagnosis',
    "version='0.1.'",
    'seconds=5',
    'trace=--no-trace',
  ])
  // It starts when it is there as a whole.
  expect(script.trimEnd().split('\n').at(-1)).toBe('main')
})

test('a version that is none is left out, a nonce that is none refused', () => {
  const ask = { version: "0'; reboot; '", what: 'snapshot' as const }
  expect(collectorScript({ nonce, looks: 1, pauseSeconds: 0, ask })).not.toContain('reboot')
  expect(() => collectorScript({ nonce: 'x; reboot', looks: 1, pauseSeconds: 0 })).toThrow('32 hexadecimal digits')
})
