import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { byOwner, local, remote, who } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** Half-closed by a program that still holds them; what nobody holds ends by itself (tcp_fin_timeout). */
export const finWait2Pile: HealthRule = {
  code: 'fin-wait2-pile',
  needsTwoLooks: true,
  why: 'The same sockets, still held by the program, are in FIN_WAIT2 in both looks: it has closed its half, the other side has not. Where that one is on this machine, it is named.',
  thresholds: ['finWait2Sockets'],
  check(facts) {
    const held = facts.inState(TCP_STATE.finWait2).filter(({ row }) => row.inode !== '0')
    const lasting = held.filter(socket => facts.earlier(socket)?.row.state === TCP_STATE.finWait2)
    return byOwner(lasting)
      .filter(sockets => sockets.length >= THRESHOLDS.finWait2Sockets.value)
      .map(sockets => report(sockets, facts))
  },
}

function report(sockets: readonly InetSocket[], facts: HealthFacts) {
  const peers = sockets.flatMap(socket => facts.peersOf(socket)).filter(({ row }) => row.state === TCP_STATE.closeWait)
  const waiter = who(sockets, 'a program')
  const here = peers.length > 0
  return finding(
    'fin-wait2-pile',
    'warning',
    here
      ? `does not close ${counted(peers.length, 'connection')} that ${waiter} has half closed and still holds`
      : `holds ${counted(sockets.length, 'connection')} that the other side does not close, as with ${remote(sockets[0]!)}`,
    {
      of: here ? peers : sockets,
      otherwise: here ? 'a program of this host' : 'a program',
      victims: here ? sockets : [],
      measured: [measured('finWait2Sockets', sockets.length, 'net/tcp')],
      reach: sockets.length,
      evidence: [
        `${sockets.length} in FIN_WAIT2 with a descriptor, the same in both looks (a pile from ${THRESHOLDS.finWait2Sockets.value} on), as ${local(sockets[0]!)}`,
        ...(here ? [`${peers.length} of their other ends are on this host, in CLOSE_WAIT`] : []),
      ],
      do: [
        here ? 'fix the program in CLOSE_WAIT: a close() is missing' : 'look for CLOSE_WAIT at the other side',
        `let ${waiter} close() after a time, instead of shutdown() alone: then the kernel ends them`,
      ],
      not: ['net.ipv4.tcp_fin_timeout: it ends only those that no process holds any more'],
    },
  )
}
