import type { Statement } from '../../../statement.ts'
import { SYSCALL_EXITS, accuse, endText } from '../../accuse.ts'
import type { Finding, Named } from '../../model.ts'
import type { ObservedNamespace } from '../../observed/sockets.ts'
import type { Scene } from '../../scene.ts'

/** Sockets to one destination from which on a missing local port is believed: without an address it fails the same way. */
const MANY_TO_ONE = 50

/** Who gets no local port; what tw-stats says of the ports there tells why, what helps, and who has them. */
export function portsExhausted(scene: Scene): Finding[] {
  const failed = [...failedConnects(scene), ...failedBinds(scene)]
  const told = new Set(failed.map(({ netns }) => netns))
  const others = scene.seen.namespaces.filter(({ netns }) => !told.has(netns)).flatMap(place => running(scene, place))
  return [...failed.map(({ finding }) => finding), ...others]
}

interface Failed {
  netns: string | undefined
  finding: Finding
}

function failedConnects(scene: Scene): Failed[] {
  return scene.failed(['connect'], ['EADDRNOTAVAIL']).flatMap(group => {
    const example = group.examples.find(({ address }) => address?.port)
    if (example?.address === undefined) return []
    const { address, port = 0 } = example.address
    const place = scene.seen.namespaces.find(({ netns }) => netns === example.netns)
    const [, sockets = 0, timeWait = 0] =
      (place && scene.look(place).destinations.find(([destination]) => destination === `${address} ${port}`)) ?? []
    const advice = place?.localPorts?.advice[0]
    if (sockets < MANY_TO_ONE && advice === undefined) return []
    const finding = withAdvice(
      accuse(
        'local-ports-exhausted',
        'critical',
        `has no free local port left to connect to ${endText(address, port)}`,
        {
          culprits: scene.failing(group),
          measures: [
            { what: 'connect failed with EADDRNOTAVAIL', value: group.count, unit: 'times', source: SYSCALL_EXITS },
            {
              what: 'sockets to this destination',
              value: `${sockets}, ${timeWait} of them in TIME_WAIT`,
              source: 'net/tcp',
            },
          ],
          do: ['keep connections open (a pool), or close those that are not needed'],
          more: 'tw-stats',
          reach: group.count,
        },
      ),
      advice,
    )
    return [{ netns: place?.netns, finding }]
  })
}

function failedBinds(scene: Scene): Failed[] {
  return scene.failed(['bind'], ['EADDRINUSE']).flatMap(group => {
    const example = group.examples.find(({ address }) => address?.port === 0)
    if (example === undefined) return []
    const place = scene.seen.namespaces.find(({ netns }) => netns === example.netns)
    const finding = withAdvice(
      accuse('local-ports-exhausted', 'critical', 'gets no local port when it binds before it connects', {
        culprits: scene.failing(group),
        measures: [
          { what: 'bind to port 0 failed with EADDRINUSE', value: group.count, unit: 'times', source: SYSCALL_EXITS },
        ],
        do: ['IP_BIND_ADDRESS_NO_PORT before bind: the port is then chosen at connect, for each destination anew'],
        not: ['SO_REUSEADDR: it does not help where the port is chosen at bind'],
        more: 'tw-stats',
        reach: group.count,
      }),
      place?.localPorts?.advice[0],
    )
    return [{ netns: place?.netns, finding }]
  })
}

/** Nobody failed while it was looked, or nobody could see it: the ports themselves tell. */
function running(scene: Scene, { localPorts }: ObservedNamespace): Finding[] {
  const [advice] = localPorts?.advice ?? []
  if (localPorts === undefined || advice === undefined) return []
  const { remote, remotePort, taken, capacity, owners } = localPorts
  const culprits = owners.flatMap((pid): Named[] => (scene.isObserver(pid) ? [] : [scene.named(pid)]))
  const isFull = advice.severity === 'critical' && advice.code !== 'ports-run-out'
  return [
    withAdvice(
      accuse(
        'local-ports-exhausted',
        isFull ? 'critical' : 'warning',
        culprits.length === 0
          ? advice.finding
          : `takes the local ports towards ${endText(remote, remotePort)}: ${isFull ? 'none is left' : 'they run out'}`,
        {
          culprits,
          measures: [
            {
              what: `local ports taken towards ${endText(remote, remotePort)}`,
              value: capacity === undefined ? taken : `${taken} of ${capacity}`,
              source: 'net/tcp, ip_local_port_range',
            },
          ],
          more: 'tw-stats',
          reach: taken,
        },
      ),
      advice,
    ),
  ]
}

/** What tw-stats rests its advice on and recommends stands beside what failed. */
function withAdvice(finding: Finding, advice: Statement | undefined): Finding {
  if (advice === undefined) return finding
  return {
    ...finding,
    evidence: [...finding.evidence, ...advice.evidence],
    do: [...new Set([...advice.do, ...finding.do])],
    not: [...new Set([...advice.not, ...finding.not])],
  }
}
