import { describe, expect, test } from 'vitest'
import { ended, look, NGINX, seen } from '../../../test/support/traffic-looks.ts'
import { TrafficAccountant } from './accountant.ts'
import { UNKNOWN_OWNER } from './traffic-owners.ts'

describe('owners', () => {
  test('what a connection carries before its owner is found waits for it', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [])
    look(accountant, 1000, [seen(1, { sent: 5, owner: undefined })])
    const nginx = accountant.owners.numberOf(NGINX)
    expect(accountant.owners.countersOf(UNKNOWN_OWNER).sentBytes).toBe(0)
    look(accountant, 2000, [seen(1, { sent: 8, owner: nginx })])
    accountant.end(ended(1, { sent: 9 }), 2500)
    expect(accountant.owners.countersOf(nginx)).toMatchObject({ sentBytes: 9, opened: 1, closed: 1 })
    expect(accountant.owners.countersOf(UNKNOWN_OWNER)).toMatchObject({ sentBytes: 0, opened: 0, closed: 0 })
  })

  test('an owner that is found within the look counts for it', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [])
    const nginx = accountant.owners.numberOf(NGINX)
    accountant.beginLook(1000)
    accountant.assign(accountant.see(seen(1, { sent: 5, owner: undefined })), nginx)
    accountant.assign(accountant.see(seen(2, { sent: 9, owner: UNKNOWN_OWNER })), nginx)
    accountant.endLook()
    expect(accountant.owners.amountsOf(nginx)).toMatchObject({ sentBytes: 5, opened: 1 })
  })

  test('the owner stays when the connection outlives its descriptor', () => {
    const accountant = new TrafficAccountant()
    const nginx = accountant.owners.numberOf(NGINX)
    look(accountant, 0, [seen(1, { owner: nginx })])
    look(accountant, 1000, [seen(1, { sent: 8, owner: undefined })])
    expect(accountant.owners.countersOf(nginx).sentBytes).toBe(8)
  })

  test('a connection that was never seen belongs to the listener, else to nobody known', () => {
    const accountant = new TrafficAccountant()
    const nginx = accountant.owners.numberOf(NGINX)
    look(accountant, 0, [])
    accountant.end(ended(1, { sent: 8, acceptedBy: nginx }), 1)
    accountant.end(ended(2, { sent: 3 }), 1)
    expect(accountant.owners.countersOf(nginx)).toMatchObject({ sentBytes: 8, opened: 1, closed: 1 })
    expect(accountant.owners.countersOf(UNKNOWN_OWNER)).toMatchObject({ sentBytes: 3, opened: 1, closed: 1 })
  })

  test('amounts are those between the last two looks, ends included', () => {
    const accountant = new TrafficAccountant()
    const nginx = accountant.owners.numberOf(NGINX)
    look(accountant, 0, [])
    look(accountant, 1000, [seen(1, { sent: 100, owner: nginx })])
    accountant.end(ended(1, { sent: 130 }), 1500)
    look(accountant, 2000, [])
    accountant.end(ended(3, { sent: 7, acceptedBy: nginx }), 2500)
    expect(accountant.owners.amountsOf(nginx)).toMatchObject({ sentBytes: 30, closed: 1, opened: 0 })
    expect(accountant.amounts).toEqual({ receivedBytes: 0, sentBytes: 30, retransmits: 0, opened: 0, closed: 1 })
  })
})

test('absent connections are bounded; what was forgotten is not counted again', () => {
  const accountant = new TrafficAccountant({ maxAbsent: 10 })
  look(accountant, 0, [])
  look(
    accountant,
    1000,
    Array.from({ length: 50 }, (_, i) => seen(i, { sent: 100 })),
  )
  look(accountant, 2000, [])
  expect(accountant.size).toBe(10)
  for (let i = 0; i < 50; i += 1) accountant.end(ended(i, { sent: 100, idleMs: 4000 }), 5000)
  expect(accountant.totals).toMatchObject({ sentBytes: 5000, opened: 50, closed: 50 })
})
