import { expect, test } from 'vitest'
import { servicePorts } from './service-ports.ts'

test('a name that no service has is on no port, whatever /etc/services holds', () => {
  expect(servicePorts(['tcp'])('no such service')).toEqual([])
  expect(servicePorts([])('http')).toEqual([])
})
