import { expect, test } from 'vitest'
import { PortClaims } from './port-claims.ts'

test('the later of two claims on a port counts, an open connection has no end', () => {
  const claims = new PortClaims()
  claims.add(10, 500)
  claims.add(10, 700)
  claims.add(11, Infinity)
  claims.add(11, 5)
  claims.add(12, 0)
  expect(claims.without([])).toEqual({ open: 1, freesInTicks: [700, 0] })
  expect(claims.without([10, 99])).toEqual({ open: 1, freesInTicks: [0] })
  expect(claims.without([10, 11, 12])).toEqual({ open: 0, freesInTicks: [] })
})
