import { unmapIp } from '../../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { TcpTable } from '../../../tables/inet-row.ts'
import { addressOf, type HealthFacts } from '../../facts.ts'
import { plural } from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'

/** Whether a listener turns clients away, and how that is known; undefined where it does not, or where that cannot be told. */
export function fullQueue(listener: InetSocket, facts: HealthFacts): { evidence: string } | undefined {
  const { rxQueueBytes: waiting, acceptQueueLimit: limit } = listener.row
  if (waiting === 0) return undefined
  const before = facts.before && facts.earlier(listener)?.row.rxQueueBytes
  if (limit !== undefined) {
    if (waiting <= limit || (facts.before !== undefined && (before ?? 0) <= limit)) return undefined
    const looks = facts.before === undefined ? '' : ' in both looks'
    return {
      evidence: `Recv-Q ${waiting}${looks}, more than the limit ${limit} (inet_diag; full is more than the limit)`,
    }
  }
  // Without the limit: a full queue neither grows nor shrinks while clients are turned away.
  const { somaxconn } = facts.now.settings
  const overflows = facts.rise('TcpExt', 'ListenOverflows') ?? 0
  if (before === waiting && overflows > 0)
    return { evidence: `Recv-Q ${waiting} in both looks, and ListenOverflows rose by ${overflows} (net/netstat)` }
  // No limit is above somaxconn as it was when listen() was called.
  if (somaxconn !== undefined && waiting > somaxconn && (before === undefined || before > somaxconn))
    return { evidence: `Recv-Q ${waiting}, more than net.core.somaxconn ${somaxconn}` }
  const knocking = clientsOf(listener, facts).filter(({ row }) => row.retransmits > 0).length
  if (knocking > 0)
    return {
      evidence: `Recv-Q ${waiting}, and ${plural(knocking, 'client')} of this host got no answer from it (SYN_SENT, sent again)`,
    }
  const total = facts.now.counters.get('TcpExt')?.get('ListenOverflows') ?? 0
  const gaveUp = facts.unaccepted(listener).now.filter(({ row }) => row.state === TCP_STATE.closeWait).length
  if (facts.before === undefined && total > 0 && gaveUp > 0)
    return {
      evidence: `Recv-Q ${waiting}, ${gaveUp} of them already closed by their client, and ListenOverflows is ${total} (net/netstat, since the namespace began)`,
    }
  return undefined
}

/** Sockets of this host that connect to it and got no answer. */
export function clientsOf(listener: InetSocket, facts: HealthFacts): InetSocket[] {
  return facts.inState(TCP_STATE.synSent).filter(client => listenersFor(client, facts).includes(listener))
}

/** The listeners of this host that a client knocks at. */
export function listenersFor({ row }: InetSocket, facts: HealthFacts): readonly InetSocket[] {
  if (!facts.isOwnAddress(row.remoteAddress)) return []
  return facts.listenersAt(unmapIp(row.remoteAddress), row.remotePort, row.table as TcpTable)
}

/** The listeners that share this one's address and port, itself among them. */
export function groupOf(listener: InetSocket, facts: HealthFacts): InetSocket[] {
  return facts
    .listenersAt(unmapIp(listener.row.localAddress), listener.row.localPort, listener.row.table as TcpTable)
    .filter(({ row }) => addressOf(row) === addressOf(listener.row))
}
