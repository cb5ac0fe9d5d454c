import { expect, test } from 'vitest'
import { SCTP_ESTABLISHED, sctpStateName } from './sctp-state.ts'

test('states by number', () => {
  expect(sctpStateName(SCTP_ESTABLISHED)).toBe('ESTABLISHED')
  expect([sctpStateName(0), sctpStateName(7), sctpStateName(8)]).toEqual(['CLOSED', 'SHUTDOWN_ACK_SENT', 'UNKNOWN(8)'])
})
