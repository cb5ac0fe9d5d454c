import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { accuse, endText, over } from '../../accuse.ts'
import type { Finding, Named } from '../../model.ts'
import type { ObservedNamespace, TcpLook } from '../../observed/sockets.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { unique } from '../tcp.ts'

export function retransmits(scene: Scene): Finding[] {
  return scene.seen.namespaces.flatMap(namespace => {
    const all = scene.rise(namespace, 'RetransSegs')
    const sent = scene.rise(namespace, 'OutSegs')
    if (all === undefined || sent === undefined) return []
    const again = all - (scene.rise(namespace, 'TCPSynRetrans') ?? 0)
    if (again < THRESHOLDS.retransmits.value || again <= sent * THRESHOLDS.retransmitShare.value) return []
    const senders = sendersAgain(scene, namespace)
    const [most] = senders
    if (most === undefined) return []
    return [
      accuse(
        'retransmits',
        'warning',
        `sends segments to ${endText(most.remote, most.remotePort)} again and again: they get lost`,
        {
          culprits: unique(senders.flatMap(({ named }) => named)),
          measures: [
            over('retransmits', 'segments sent again', again, 'RetransSegs of net/snmp, without those of connecting'),
            over('retransmitShare', 'of all that were sent', again / Math.max(1, sent), 'OutSegs of net/snmp'),
          ],
          do: [`look at the path to ${most.remote}: interface errors, a firewall that drops, a full link`],
          not: ['the program: it cannot see losses, and does not make them'],
          more: 'linsight bpf run tcpretrans',
          reach: again,
        },
      ),
    ]
  })
}

interface Sender {
  named: Named[]
  remote: string
  remotePort: number
  count: number
}

/** Whose sockets retransmitted: by the tracer's ports, else by what the table shows as not acknowledged. */
function sendersAgain(scene: Scene, namespace: ObservedNamespace): Sender[] {
  const rows = [...(namespace.b?.tcp ?? []), ...namespace.a.tcp].filter(({ inode }) => inode !== '0')
  const traced = (scene.seen.trace?.retransmits ?? []).filter(({ state }) => state !== TCP_STATE.synSent)
  const of = (row: TcpLook, count: number): Sender => ({
    named: scene
      .owners(row.inode)
      .filter(({ pid }) => !scene.isObserver(pid))
      .map(({ pid }) => scene.named(pid)),
    remote: row.remote,
    remotePort: row.remotePort,
    count,
  })
  const byPorts = traced.flatMap(({ localPort, remotePort, count }) => {
    const row =
      rows.find(one => one.localPort === localPort && one.remotePort === remotePort) ??
      rows.find(one => one.state !== TCP_STATE.listen && one.remotePort === remotePort) ??
      rows.find(one => one.localPort === localPort)
    return row === undefined ? [] : [of(row, count)]
  })
  const byTable = rows
    .filter(({ retransmits: times, state }) => times > 0 && state !== TCP_STATE.synSent)
    .map(row => of(row, row.retransmits))
  return (byPorts.length > 0 ? byPorts : byTable)
    .filter(({ named }) => named.length > 0)
    .sort((a, b) => b.count - a.count)
}
