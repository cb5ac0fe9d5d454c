import { expect, test } from 'vitest'
import { translatedFlows } from './translated-flows.ts'

const flow = (
  original: [string, number, string, number],
  reply: [string, number, string, number],
  protocol = 'tcp',
) => {
  const endOf = ([source, sourcePort, destination, destinationPort]: typeof original) => ({
    source,
    sourcePort,
    destination,
    destinationPort,
  })
  return { protocol, state: undefined, unreplied: false, original: endOf(original), reply: endOf(reply) }
}

test('flows whose answer does not come from where they went', () => {
  expect(translatedFlows([flow(['192.0.2.9', 4, '192.0.2.1', 8080], ['10.0.0.2', 80, '192.0.2.9', 4])])).toEqual([
    {
      protocol: 'tcp',
      original: { source: '192.0.2.9', sourcePort: 4, destination: '192.0.2.1', destinationPort: 8080 },
      reply: { source: '10.0.0.2', sourcePort: 80, destination: '192.0.2.9', destinationPort: 4 },
    },
  ])
})

test('IPv6 as sockets have it', () => {
  const long = '2001:0db8:0000:0000:0000:0000:0000:0001'
  expect(translatedFlows([flow([long, 4, long, 80], ['::2', 80, long, 4])])[0]!.original.source).toBe('2001:db8::1')
})

test.each([
  ['one that was not translated', flow(['192.0.2.9', 4, '192.0.2.1', 80], ['192.0.2.1', 80, '192.0.2.9', 4])],
  [
    'one without ports',
    {
      ...flow(['1.1.1.1', 0, '2.2.2.2', 0], ['3.3.3.3', 0, '1.1.1.1', 0]),
      original: { source: '1.1.1.1', destination: '2.2.2.2', sourcePort: undefined, destinationPort: undefined },
    },
  ],
  ['an address that is none', flow(['x', 4, '192.0.2.1', 80], ['10.0.0.2', 80, 'x', 4])],
])('left out: %s', (_, one) => expect(translatedFlows([one])).toEqual([]))
