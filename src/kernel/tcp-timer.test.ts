import { expect, test } from 'vitest'
import { netstatTimerName, TCP_TIMER, TCP_TIMER_NAMES, tcpTimerName } from './tcp-timer.ts'

test('every timer has a name of its own in JSON and in netstat', () => {
  expect(Object.values(TCP_TIMER).map(tcpTimerName)).toEqual(TCP_TIMER_NAMES)
  expect(Object.values(TCP_TIMER).map(netstatTimerName)).toEqual(['off', 'on', 'keepalive', 'timewait', 'probe'])
})

test('a timer of a later kernel is its number', () => {
  expect([tcpTimerName(7), netstatTimerName(7)]).toEqual(['unknown-7', 'unkn-7'])
})
