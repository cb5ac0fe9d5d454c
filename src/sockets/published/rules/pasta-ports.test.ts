import { expect, test } from 'vitest'
import { pastaPort } from './pasta-ports.ts'

test.each([
  ['8080', 8080, 8080],
  ['8080:80', 8080, 80],
  ['8080-8090:80-90', 8085, 85],
  ['8080-8090:80-90', 8091, undefined],
  ['127.0.0.1/8080:80', 8080, 80],
  ['::1%lo/8080:80', 8080, 80],
  ['22,8080:80', 8080, 80],
  ['8000-9000,~8080', 8080, undefined],
  ['~8080', 8081, 8081],
  ['~8080', 8080, undefined],
  ['all', 8080, 8080],
  ['none', 8080, undefined],
  ['8080:x', 8080, undefined],
])('-t %s: port %i of the host is %s inside', (spec, port, inside) => {
  expect(pastaPort(spec, port)).toBe(inside)
})
