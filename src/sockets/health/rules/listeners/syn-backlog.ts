import { groupBy } from '../../../../group-by.ts'
import { unmapIp } from '../../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { TcpTable } from '../../../tables/inet-row.ts'
import type { HealthFacts } from '../../facts.ts'
import { during, plural, servicePlace, who } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** Half-open connections pile up: a flood, or clients whose last step of the handshake does not arrive. */
export const synBacklog: HealthRule = {
  code: 'syn-backlog',
  check(facts) {
    const piles = [...groupBy(facts.inState(TCP_STATE.synRecv), socket => listenerOf(socket, facts))]
    return piles.flatMap(([listener, rows]) => {
      const lasting = facts.before === undefined ? rows : rows.filter(row => facts.earlier(row) !== undefined)
      const refused = facts.rise('TcpExt', 'TCPReqQFullDrop') ?? 0
      const isPile = lasting.length >= THRESHOLDS.synBacklogRows.value
      // The fullest one is where they are refused.
      const isRefusing = refused > 0 && rows.length === Math.max(...piles.map(([, others]) => others.length))
      return listener !== undefined && (isPile || isRefusing) ? [report(listener, rows, lasting, facts)] : []
    })
  },
}

function listenerOf({ row }: InetSocket, facts: HealthFacts): InetSocket | undefined {
  return facts.listenersAt(unmapIp(row.localAddress), row.localPort, row.table as TcpTable)[0]
}

/** Counters that tell what the kernel did about it. Source: Linux net/ipv4/tcp_input.c, tcp_syn_flood_action. */
const COUNTERS = ['TCPReqQFullDrop', 'TCPReqQFullDoCookies', 'SyncookiesSent', 'SyncookiesFailed'] as const

function report(listener: InetSocket, rows: readonly InetSocket[], lasting: readonly InetSocket[], facts: HealthFacts) {
  const sources = new Set(rows.map(({ row }) => unmapIp(row.remoteAddress))).size
  const risen = COUNTERS.map(name => [name, facts.rise('TcpExt', name) ?? 0] as const).filter(([, rise]) => rise > 0)
  const refuses = risen.some(([name]) => name === 'TCPReqQFullDrop')
  return finding(
    'syn-backlog',
    refuses ? 'critical' : 'warning',
    `${plural(rows.length, 'handshake')} with ${who([listener], 'the server')} on ${servicePlace(listener)} ${rows.length === 1 ? 'is' : 'are'} not finished by ${rows.length === 1 ? 'its client' : 'their clients'}${refuses ? ', and new ones are refused' : ''}`,
    {
      evidence: [
        `${rows.length} in SYN_RECV from ${sources === 1 ? 'one address' : `${sources} addresses`}${facts.before === undefined ? '' : `, ${lasting.length} of them in both looks`} (a pile from ${THRESHOLDS.synBacklogRows.value} on)`,
        ...risen.map(
          ([name, rise]) => `${name} rose by ${rise} ${during(facts.seconds)} (net/netstat, of all listeners)`,
        ),
      ],
      do: [
        sources === 1
          ? 'look at the way to that address: its last segment of the handshake does not arrive here'
          : 'keep net.ipv4.tcp_syncookies at 1, so that a flood costs no queue',
        'raise net.ipv4.tcp_max_syn_backlog and the backlog of listen() where the clients are honest',
      ],
      not: ['blocking the addresses: in a flood they are invented'],
    },
  )
}
