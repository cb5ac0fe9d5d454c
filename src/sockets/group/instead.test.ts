import { describe, expect, test } from 'vitest'
import { filterContext, inetSocket, processOwner } from '../../../test/support/filter-context.ts'
import { parseFilter } from '../filter/language/parse-filter.ts'
import type { Socket } from '../model.ts'
import { insteadOf } from './instead.ts'

const owners = [processOwner({ pid: 12, args: ['serve'] })]
const listener = (localAddress: string) =>
  inetSocket({ state: 10, localAddress, remoteAddress: '0.0.0.0', remotePort: 0 }, { owners })
const instead = (filter: string, ...sockets: Socket[]) => {
  const { tree } = parseFilter(filter, { family: 'inet', service: () => [] })
  return insteadOf(tree, sockets, filterContext())
}

describe('what there was instead', () => {
  test.each<[string, string, Socket[], string[]]>([
    ['nobody', 'state listening sport = 8080', [inetSocket({ localPort: 1 })], ['nothing uses port 8080']],
    [
      'a listener on loopback',
      'sport = 8080 not src 127.0.0.0/8',
      [listener('127.0.0.1')],
      ['8080 listens on 127.0.0.1 only (12/serve)', '1 socket is so but for: not src = 127.0.0.0/8'],
    ],
    ['a listener elsewhere', 'src 10.0.0.9:8080', [listener('10.0.0.1')], ['8080 listens on 10.0.0.1 (12/serve)']],
    [
      'a socket that is bound',
      'state listening sport = 8080',
      [inetSocket({ state: 7 }, { owners })],
      ['12/serve is bound to 8080 but does not listen', '1 socket is so but for: state listening'],
    ],
    [
      'connections',
      'state listening sport = 8080',
      [inetSocket({})],
      ['port 8080 has 1 connection and no listener', '1 socket is so but for: state listening'],
    ],
    [
      'UDP',
      'src 10.0.0.9:8080',
      [inetSocket({ table: 'udp', state: 7, remoteAddress: '0.0.0.0', remotePort: 0 }, { owners: [] })],
      ['8080 receives UDP on 10.0.0.1 (a process that could not be seen)'],
    ],
    ['no port', 'pid = 7', [inetSocket({}), inetSocket({})], ['none of 2 sockets is so']],
    ['no socket', 'pid = 7', [], ['there is no socket at all']],
    [
      'another state',
      'dst 10.0.0.2 state time-wait',
      [inetSocket({}), inetSocket({})],
      ['2 sockets are so but for: state time-wait'],
    ],
  ])('%s', (_, filter, sockets, texts) => expect(instead(filter, ...sockets)).toEqual(texts))
})
