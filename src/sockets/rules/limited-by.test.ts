import { expect, test } from 'vitest'
import type { TcpInfo } from '../tcp-info.ts'
import { limitedBy } from './limited-by.ts'

const info = (facts: Partial<TcpInfo>) => ({ state: 1, deliveryRateAppLimited: false, ...facts }) as TcpInfo

test.each<[string, Partial<TcpInfo>, string | undefined]>([
  ['a kernel that keeps no times', {}, undefined],
  ['a connection that is not made yet', { state: 2, busyTimeUs: 0 }, undefined],
  ['a listener', { state: 10, busyTimeUs: 0 }, undefined],
  ['never had data to send', { busyTimeUs: 0, sndWndBytes: 65535 }, 'application'],
  ['a closed window with data behind it', { busyTimeUs: 10, sndWndBytes: 0, notsentBytes: 1 }, 'receiver'],
  ['a closed window with nothing behind it', { busyTimeUs: 10, sndWndBytes: 0, notsentBytes: 0 }, 'network'],
  ['half of the time the receiver', { busyTimeUs: 10, rwndLimitedUs: 5, sndbufLimitedUs: 1 }, 'receiver'],
  ['less of it', { busyTimeUs: 10, rwndLimitedUs: 4 }, 'network'],
  ['half of the time the send buffer', { busyTimeUs: 10, rwndLimitedUs: 1, sndbufLimitedUs: 6 }, 'send-buffer'],
  ['both alike', { busyTimeUs: 10, rwndLimitedUs: 5, sndbufLimitedUs: 5 }, 'receiver'],
  ['the application', { busyTimeUs: 10, deliveryRateAppLimited: true }, 'application'],
  [
    'the receiver, though the last rate was the application’s',
    { busyTimeUs: 10, rwndLimitedUs: 9, deliveryRateAppLimited: true },
    'receiver',
  ],
  ['nothing but the network', { busyTimeUs: 10, rwndLimitedUs: 0, sndbufLimitedUs: 0, sndWndBytes: 1 }, 'network'],
])('%s: %j → %s', (_, facts, expected) => {
  expect(limitedBy(info(facts))).toBe(expected)
})
