import { describe, expect, test } from 'vitest'
import { clients, reportOf } from '../../../test/support/time-wait-recording.ts'
import type { WhatIf } from '../model.ts'
import { whatIfText } from './what-if-text.ts'

const textOf = (change: WhatIf, width: number, rows = clients(50, { from: 33000 })) => {
  const settings = { ip_local_port_range: '33000\t33099', tcp_tw_reuse: '0' }
  const { tuples, whatIf } = reportOf({ rows, settings }, { whatIf: { asked: 'changes', change } })
  return `\n${whatIfText('changes', tuples, whatIf!.tuples, { borders: false, top: 10, width })}`
}

describe('now and then', () => {
  test('another range', () => {
    expect(textOf({ range: { low: 20000, high: 20999 } }, 120)).toMatchInlineSnapshot(`
      "
      what if changes, with the connections of now:
      DESTINATION         NOW TAKEN  MAX/S  RUNS OUT       THEN TAKEN  MAX/S  RUNS OUT
      192.0.2.10:80  50 of 100 50 %    1.6  in 5.0 s  0 of 1000 0.0 %   16.1        no
      "
    `)
  })

  test('a pool needs no new connection: no rate, no end', () => {
    expect(textOf({ pool: 5 }, 80)).toMatchInlineSnapshot(`
      "
      what if changes, with the connections of now:
      192.0.2.10:80
        now   50 of 100 50 % taken, at most 1.6/s, runs out: in 5.0 s
        then  5 of 100 5.0 % taken, runs out: no
      "
    `)
  })

  test('at 40 columns', () => {
    expect(textOf({ pool: 5 }, 40)).toMatchInlineSnapshot(`
      "
      what if changes, with the connections of
        now:
      192.0.2.10:80
        now   50 of 100 50 % taken, at most
              1.6/s, runs out: in 5.0 s
        then  5 of 100 5.0 % taken, runs out:
              no
      "
    `)
  })

  test('without a destination', () => {
    expect(textOf({}, Infinity, '')).toBe('\nwhat if changes: there is no destination to compute it for\n')
  })
})
