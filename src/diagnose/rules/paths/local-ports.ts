import { SYSCALL_EXITS, accuse, endText } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { Scene } from '../../scene.ts'

/** Sockets to one destination from which on a missing local port is believed: without an address it fails the same way. */
const MANY_TO_ONE = 50

export function portsExhausted(scene: Scene): Finding[] {
  const findings = scene.failed(['connect'], ['EADDRNOTAVAIL']).flatMap(group => {
    const example = group.examples.find(({ address }) => address?.port)
    if (example?.address === undefined) return []
    const { address, port = 0 } = example.address
    const namespace = scene.seen.namespaces.find(({ netns }) => netns === example.netns)
    const [, sockets = 0, timeWait = 0] =
      (namespace && scene.look(namespace).destinations.find(([destination]) => destination === `${address} ${port}`)) ??
      []
    if (sockets < MANY_TO_ONE) return []
    return [
      accuse(
        'local-ports-exhausted',
        'critical',
        `has no free local port left to connect to ${endText(address, port)}`,
        {
          culprits: scene.failing(group),
          measures: [
            {
              what: 'connect failed with EADDRNOTAVAIL',
              value: group.count,
              unit: 'times',
              source: SYSCALL_EXITS,
            },
            {
              what: `sockets to this destination`,
              value: `${sockets}, ${timeWait} of them in TIME_WAIT`,
              source: 'net/tcp',
            },
          ],
          do:
            timeWait * 2 > sockets
              ? ['keep connections open (a pool): each one that is closed here keeps its port for a minute']
              : ['close connections that are not needed, or widen net.ipv4.ip_local_port_range'],
          not: ['tcp_fin_timeout: the time of TIME_WAIT is fixed'],
          more: 'tw-stats',
          reach: group.count,
        },
      ),
    ]
  })
  const bound = scene.failed(['bind'], ['EADDRINUSE']).flatMap(group => {
    if (!group.examples.some(({ address }) => address?.port === 0)) return []
    return [
      accuse('local-ports-exhausted', 'critical', 'gets no local port when it binds before it connects', {
        culprits: scene.failing(group),
        measures: [
          {
            what: 'bind to port 0 failed with EADDRINUSE',
            value: group.count,
            unit: 'times',
            source: SYSCALL_EXITS,
          },
        ],
        do: ['IP_BIND_ADDRESS_NO_PORT before bind: the port is then chosen at connect, for each destination anew'],
        not: ['SO_REUSEADDR: it does not help where the port is chosen at bind'],
        more: 'tw-stats',
        reach: group.count,
      }),
    ]
  })
  return [...findings, ...bound]
}
