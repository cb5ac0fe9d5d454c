import { describe, expect, test } from 'vitest'
import { addressFilter, type ConnectionEnds } from './address-filter.ts'

const filter = (line: string) => addressFilter(line, name => (name === 'http' ? [80] : []))
const DESTINATION: ConnectionEnds = { src: '10.0.0.1', dst: '10.1.2.3', dport: 5432 }
const SERVICE: ConnectionEnds = { src: '10.0.0.1', sport: 80, dst: '2001:db8::1' }

describe('a filter of sums', () => {
  test.each<[string, boolean, boolean]>([
    ['dst 10.1.0.0/16', true, false],
    ['not dst 10.1.0.0/16', false, true],
    ['dst 10.1.2.3:5432', true, false],
    ['dport = 5432', true, false],
    ['dport != 5432', false, false],
    ['sport = :http', false, true],
    ['not sport = 80', false, false],
    ['src 10.0.0.1', true, true],
    ['src 10.0.0.1:80', false, true],
    [':80 :5432', true, true],
    ['dst inet6:[2001:db8::]/32', false, true],
    ['not dst inet6:[2001:db8::]/32', false, false],
    ['dst localhost', false, false],
    ['dport = 5432 or sport = 80', true, true],
    ['dst *', true, true],
  ])('%s: destination %s, service %s', (line, destination, service) => {
    const { selects } = filter(line)
    expect([selects(DESTINATION), selects(SERVICE)]).toEqual([destination, service])
  })

  test.each([
    ['state time-wait', 'state is no question to sums of connections'],
    ['dport = 80 pid = 7', 'pid is no question to sums of connections'],
    ['dst unix:*x', 'dst is no question to sums of connections'],
    ['dst example.org', 'example.org is no address'],
    ['dport =', 'dport is followed by nothing'],
  ])('%s is refused', (line, message) => expect(() => filter(line)).toThrow(message))

  test('it is printed as it was read, and says what may be meant otherwise', () => {
    expect(filter('dport = 80 or dport = 81 and src 10.0.0.1')).toMatchObject({
      text: '( dport = 80 or dport = 81 ) and src = 10.0.0.1',
      warnings: [{ code: 'filter-mixes' }],
    })
  })
})
