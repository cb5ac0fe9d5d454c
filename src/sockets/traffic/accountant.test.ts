import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TrafficAccountant, type EndedConnection } from './accountant.ts'
import { ended, look, seen } from '../../../test/support/traffic-looks.ts'
import type { TrafficCounters } from './traffic-owners.ts'

describe('one connection', () => {
  test('what it carried before the first look does not count, what came since does', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [seen(1, { received: 1000, sent: 500, retransmits: 3 })])
    const [place] = look(accountant, 2000, [seen(1, { received: 1600, sent: 501, retransmits: 4 })])
    expect(accountant.totals).toEqual({ receivedBytes: 600, sentBytes: 1, retransmits: 1, opened: 0, closed: 0 })
    expect(accountant.seconds).toBe(2)
    expect(accountant.amountsAt(place!)).toEqual({ receivedBytes: 600, sentBytes: 1, retransmits: 1 })
  })

  test('one look alone has no rates', () => {
    const accountant = new TrafficAccountant()
    const [place] = look(accountant, 0, [seen(1, { received: 1000 })])
    expect([accountant.amountsAt(place!), accountant.seconds]).toEqual([undefined, undefined])
  })

  test('one that began between two looks counts from its beginning', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [])
    look(accountant, 1000, [seen(1, { received: 5 })])
    expect(accountant.totals).toMatchObject({ receivedBytes: 5, opened: 1 })
  })

  test('its end tells what came since the last look, once', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [seen(1, { received: 10 })])
    accountant.end(ended(1, { received: 30, sent: 4, retransmits: 1 }), 500)
    accountant.end(ended(1, { received: 30, sent: 4, retransmits: 1 }), 500)
    look(accountant, 1000, [])
    expect(accountant.totals).toEqual({ receivedBytes: 20, sentBytes: 4, retransmits: 1, opened: 0, closed: 1 })
  })

  test('a row that was read before its end was told adds nothing', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [seen(1)])
    accountant.end(ended(1, { sent: 30 }), 500)
    look(accountant, 1000, [seen(1, { sent: 20 })])
    look(accountant, 2000, [])
    expect(accountant.totals).toMatchObject({ sentBytes: 30, opened: 0, closed: 1 })
    expect(accountant.size).toBe(0)
  })

  test('one that only its end tells of counts whole', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [])
    accountant.end(ended(2n ** 64n - 1n, { sent: 30 }), 500)
    expect(accountant.totals).toMatchObject({ sentBytes: 30, opened: 1, closed: 1 })
  })

  test.each([
    ['moved on it since the first look', 400, 30],
    ['did nothing since the first look', 501, 0],
  ])('one that no look shows, as it was reset and kept, and %s', (_, idleMs, counted) => {
    const accountant = new TrafficAccountant()
    look(accountant, 1000, [])
    accountant.end(ended(1, { sent: 30, idleMs }), 1500)
    expect(accountant.totals.sentBytes).toBe(counted)
  })

  test('an end before the first look counts for nothing, and a row of it neither', () => {
    const accountant = new TrafficAccountant()
    accountant.end(ended(1, { sent: 30 }), 0)
    look(accountant, 100, [seen(1, { sent: 20 })])
    look(accountant, 200, [])
    expect(accountant.totals).toEqual({ receivedBytes: 0, sentBytes: 0, retransmits: 0, opened: 0, closed: 0 })
  })

  test('counts that its own program set back by a reset take nothing away', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [seen(1, { sent: 10 })])
    look(accountant, 1000, [seen(1, { sent: 25 })])
    accountant.end(ended(1), 1500)
    expect(accountant.totals.sentBytes).toBe(15)
  })

  test('without being told of ends, what is gone has ended', () => {
    const accountant = new TrafficAccountant({ hearsEnds: false })
    look(accountant, 0, [seen(1), seen(2)])
    look(accountant, 1000, [seen(2)])
    expect(accountant.totals.closed).toBe(1)
    expect(accountant.size).toBe(1)
  })

  test('a look that is not whole ends nothing', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [seen(1, { sent: 5 })])
    look(accountant, 1000, [], false)
    look(accountant, 2000, [seen(1, { sent: 7 })])
    expect(accountant.totals).toMatchObject({ sentBytes: 2, opened: 0, closed: 0 })
  })
})

describe('the FIN of the peer', () => {
  test('is no byte where the state of the look shows it', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [seen(1, { received: 10 })])
    look(accountant, 1000, [seen(1, { received: 31, finReceived: true })])
    accountant.end(ended(1, { received: 31 }), 1500)
    expect([accountant.totals.receivedBytes, accountant.unsureBytes]).toEqual([20, 0])
  })

  test('is no byte where no segment with payload came since the last look', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [seen(1, { received: 10, dataSegmentsIn: 2 })])
    accountant.end(ended(1, { received: 11, dataSegmentsIn: 2 }), 500)
    accountant.end(ended(2, { received: 1, dataSegmentsIn: 0 }), 500)
    expect([accountant.totals.receivedBytes, accountant.unsureBytes]).toEqual([0, 0])
  })

  test('is said where it cannot be told', () => {
    const accountant = new TrafficAccountant()
    look(accountant, 0, [])
    accountant.end(ended(2, { received: 101, dataSegmentsIn: 1 }), 500)
    expect([accountant.totals.receivedBytes, accountant.unsureBytes]).toEqual([101, 1])
  })
})

/** A connection as it really is. */
interface Real {
  cookie: number
  received: number
  sent: number
  retransmits: number
  segments: number
  fin: boolean
  /** In no look any more, its end not yet told. */
  hidden: boolean
  /** What it had when the first look was. */
  base: { received: number; sent: number; retransmits: number }
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), owner: fc.nat(3) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      which: fc.nat(),
      received: fc.nat(5000),
      sent: fc.nat(5000),
      retransmits: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fin' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hide' as const), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('close' as const), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('look' as const), late: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hear' as const), count: fc.nat(5) }) },
)

describe('any order of looks and ends', () => {
  test('counters never fall, and in the end they are what was carried', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 5 }), fc.array(step, { maxLength: 80 }), (first, steps) => {
        const accountant = new TrafficAccountant()
        const numbers = [0, 1, 2].map(pid => accountant.owners.numberOf({ pid: pid + 1, program: `p${pid}` }))
        let now = 0
        let cookies = 0
        const alive: (Real & { owner: number | undefined })[] = []
        const told: (EndedConnection & { atMs: number })[] = []
        const truth = { received: 0, sent: 0, retransmits: 0, opened: 0, closed: 0 }
        const before: TrafficCounters[] = []

        const open = (owner: number) => {
          const none = { received: 0, sent: 0, retransmits: 0 }
          alive.push({ ...none, cookie: (cookies += 1), segments: 0, fin: false, hidden: false, base: none, owner })
        }
        const rows = () =>
          alive
            .filter(({ hidden }) => !hidden)
            .map(({ cookie, received, sent, retransmits, segments, fin, owner }) =>
              seen(cookie, {
                received: received + (fin ? 1 : 0),
                sent,
                retransmits,
                dataSegmentsIn: segments,
                finReceived: fin,
                // Nobody searched yet for every fourth.
                owner: owner === 3 ? undefined : numbers[owner!],
              }),
            )
        const close = (real: Real) => {
          truth.received += real.received - real.base.received
          truth.sent += real.sent - real.base.sent
          truth.retransmits += real.retransmits - real.base.retransmits
          truth.closed += 1
          alive.splice(alive.indexOf(real as never), 1)
          told.push({
            ...ended(real.cookie, {
              received: real.received + (real.fin ? 1 : 0),
              sent: real.sent,
              retransmits: real.retransmits,
              dataSegmentsIn: real.segments,
            }),
            atMs: now,
          })
        }
        const hear = (count: number) => {
          for (const { atMs, ...end } of told.splice(0, count)) accountant.end(end, atMs)
        }
        const check = () => {
          const all = [accountant.totals, ...accountant.owners.numbers().map(n => accountant.owners.countersOf(n))]
          for (const [i, counters] of all.entries())
            for (const name of Object.keys(counters) as (keyof TrafficCounters)[])
              expect(counters[name]).toBeGreaterThanOrEqual(before[i]?.[name] ?? 0)
          before.splice(0, Infinity, ...all.map(counters => ({ ...counters })))
        }

        for (const owner of first) open(owner)
        for (const real of alive) Object.assign(real, { received: 777, sent: 99, retransmits: 2, segments: 1 })
        for (const real of alive) real.base = { received: 777, sent: 99, retransmits: 2 }
        look(accountant, now, rows())
        const openedAtFirst = cookies
        for (const did of steps) {
          now += 10
          const real = 'which' in did && alive.length > 0 ? alive[did.which % alive.length] : undefined
          if (did.do === 'open') open(did.owner)
          else if (did.do === 'hear') hear(did.count)
          else if (did.do === 'look') {
            const read = rows()
            // Ends that are told between reading the rows and counting them.
            if (did.late) hear(2)
            look(accountant, now, read)
          } else if (real !== undefined && did.do === 'close') close(real)
          else if (real !== undefined && did.do === 'hide') real.hidden = true
          else if (real !== undefined && did.do === 'fin') real.fin = true
          else if (real !== undefined && did.do === 'move' && !real.hidden) {
            if (!real.fin && did.received > 0) {
              real.received += did.received
              real.segments += 1
            }
            real.sent += did.sent
            real.retransmits += did.retransmits
          }
          check()
        }
        while (alive.length > 0) close(alive[0]!)
        hear(Infinity)
        check()
        look(accountant, now + 1, [])
        look(accountant, now + 2, [])
        check()
        truth.opened = cookies - openedAtFirst
        const { totals, unsureBytes } = accountant
        expect(totals).toMatchObject({
          sentBytes: truth.sent,
          retransmits: truth.retransmits,
          opened: truth.opened,
          closed: truth.closed,
        })
        expect(totals.receivedBytes).toBeGreaterThanOrEqual(truth.received)
        expect(totals.receivedBytes).toBeLessThanOrEqual(truth.received + unsureBytes)
        const sum = (name: keyof TrafficCounters) =>
          accountant.owners.groups().reduce((all, { counters }) => all + counters[name], 0)
        for (const name of Object.keys(totals) as (keyof TrafficCounters)[]) expect(sum(name)).toBe(totals[name])
        expect(accountant.size).toBe(0)
      }),
      { numRuns: 1000 },
    )
  })
})
