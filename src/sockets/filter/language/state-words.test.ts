import { describe, expect, test } from 'vitest'
import { ALL_STATES, STATE_WORDS, stateBits, statesOf, stateText } from './state-words.ts'

describe('states', () => {
  test.each(STATE_WORDS)('%s is printed as it is written', word => expect(stateText(statesOf(word)!)).toBe(word))

  test.each([
    ['LISTEN', 'listening'],
    ['syn-rcv', 'syn-recv'],
    ['CLOSED', 'unconnected'],
    ['TIME_WAIT', 'time-wait'],
    ['FIN_WAIT1', 'fin-wait-1'],
    ['established,close-wait', 'established,close-wait'],
    ['syn-recv,time-wait', 'bucket'],
  ])('%s is %s', (written, word) => expect(stateText(statesOf(written)!)).toBe(word))

  test.each(['', 'listenin', 'established,', 'constructor'])('%j is none', word => {
    expect(statesOf(word)).toBeUndefined()
  })

  test('a number that is no state is none of them', () => {
    const unix = { table: 'unix', state: 1, flags: 0x10000 } as Parameters<typeof stateBits>[0]
    expect(stateText(stateBits(unix))).toBe('listening')
    expect(stateBits({ table: 'tcp', state: 14 } as Parameters<typeof stateBits>[0]) & ALL_STATES).toBe(0)
  })
})
