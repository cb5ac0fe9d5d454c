import { unmapIp } from '../../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { TcpTable } from '../../../tables/inet-row.ts'
import { addressOf, type HealthFacts, type Unaccepted } from '../../facts.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/**
 * Whether somebody takes connections from the queue of a listener; undefined where that cannot be told. Where accept() was
 * counted and gave none, all who waited may be gone all the same: io_uring accepts without that call.
 */
export function isServed({ row }: InetSocket, waiting: Unaccepted, { now }: HealthFacts): boolean | undefined {
  const accepted = now.traced?.accepted(row.inode)
  const { waited, stillWaiting } = waiting
  if (accepted !== undefined) return accepted > 0 || (waited > 0 && stillWaiting === 0)
  return waited === 0 ? undefined : stillWaiting < waited
}

/** What was accepted meanwhile, where that was counted. */
export function acceptedText({ row }: InetSocket, { now }: HealthFacts): string[] {
  const accepted = now.traced?.accepted(row.inode)
  return accepted === undefined
    ? []
    : [
        `accept() gave ${accepted === 0 ? 'no connection' : counted(accepted, 'connection')} meanwhile (tracepoint raw_syscalls:sys_exit)`,
      ]
}

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
  const { somaxconn } = facts.now.settings
  const overflows = facts.rise('TcpExt', 'ListenOverflows') ?? 0
  if (before !== undefined && before > 0 && overflows > 0 && turnsAway(listener, before, overflows, facts))
    return {
      evidence: `Recv-Q ${before === waiting ? `${waiting} in both looks` : `${before}, then ${waiting}`}, and ListenOverflows rose by ${overflows} (net/netstat)`,
    }
  // No limit is above somaxconn as it was when listen() was called.
  if (somaxconn !== undefined && waiting > somaxconn && (before === undefined || before > somaxconn))
    return { evidence: `Recv-Q ${waiting}, more than net.core.somaxconn ${somaxconn}` }
  const knocking = clientsOf(listener, facts).filter(({ row }) => row.retransmits > 0).length
  if (knocking > 0)
    return {
      evidence: `Recv-Q ${waiting}, and ${counted(knocking, 'client')} of this host got no answer from it (SYN_SENT, sent again)`,
    }
  const total = facts.now.counters.get('TcpExt')?.get('ListenOverflows') ?? 0
  const gaveUp = facts.unaccepted(listener).now.filter(({ row }) => row.state === TCP_STATE.closeWait).length
  if (facts.before === undefined && total > 0 && gaveUp > 0)
    return {
      evidence: `Recv-Q ${waiting}, ${gaveUp} of them already closed by their client, and ListenOverflows is ${total} (net/netstat, since the namespace began)`,
    }
  return undefined
}

/** Whether the connections that were turned away in a namespace were those of this listener. */
function turnsAway(listener: InetSocket, before: number, overflows: number, facts: HealthFacts): boolean {
  const served = isServed(listener, facts.unaccepted(listener), facts)
  if (served === false) return true
  // A full queue neither grows nor shrinks while clients are turned away.
  if (facts.now.traced === undefined || served === undefined) return before === listener.row.rxQueueBytes
  const isExplained = facts
    .inState(TCP_STATE.listen)
    .some(
      other =>
        other !== listener && other.row.rxQueueBytes > 0 && isServed(other, facts.unaccepted(other), facts) === false,
    )
  return overflows >= THRESHOLDS.overflows.value && !isExplained
}

/** Sockets of this host that connect to it and got no answer. */
export function clientsOf(listener: InetSocket, facts: HealthFacts): InetSocket[] {
  return facts.inState(TCP_STATE.synSent).filter(client => listenersFor(client, facts).includes(listener))
}

/** The listeners of this host that a client knocks at. */
export function listenersFor({ row }: InetSocket, facts: HealthFacts): readonly InetSocket[] {
  return listenersOf(row.remoteAddress, row.remotePort, facts, row.table as TcpTable)
}

/** The listeners of this host at an address of it. */
export function listenersOf(
  address: string,
  port: number,
  facts: HealthFacts,
  table?: TcpTable,
): readonly InetSocket[] {
  return facts.isOwnAddress(address) ? facts.listenersAt(unmapIp(address), port, table) : []
}

/** The listeners that share this one's address and port, itself among them. */
export function groupOf(listener: InetSocket, facts: HealthFacts): InetSocket[] {
  return facts
    .listenersAt(unmapIp(listener.row.localAddress), listener.row.localPort, listener.row.table as TcpTable)
    .filter(({ row }) => addressOf(row) === addressOf(listener.row))
}
