import { groupBy } from '../../../../group-by.ts'
import { unmapIp } from '../../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../../../kernel/tcp-timer.ts'
import type { TcpTable } from '../../../tables/inet-row.ts'
import { isTcp, type HealthFacts } from '../../facts.ts'
import { during, remote, who } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthFinding, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** Segments that had to be sent again, by the share of all and by the connections that wait for an answer now. */
export const retransmits: HealthRule = {
  code: 'retransmits',
  why: 'Segments were sent again, those of connecting left out, both many and a share of all, of the namespace or of one connection; or one is sent again and again without an answer. The sender is found by its socket, never by the process that ran when the kernel noticed.',
  thresholds: ['retransmittedSegments', 'retransmittedShare', 'retransmitBackoff'],
  check(facts) {
    const resending = facts.now.sockets.filter(socket => isTcp(socket) && isResending(socket))
    const lossy = facts.now.sockets.flatMap(socket => lossOfSocket(socket, facts) ?? [])
    const loss = lossOf(facts)
    if (loss !== undefined || lossy.length > 0) return [reportLoss(loss, lossy, resending, facts)]
    const silent = resending.filter(({ row }) => row.retransmits >= THRESHOLDS.retransmitBackoff.value)
    return [...groupBy(silent, ({ row }) => unmapIp(row.remoteAddress)).values()].map(sockets =>
      reportSilence(sockets, facts),
    )
  },
}

/** Established and waiting for the answer to something sent again; handshakes are told by connect-timeout. */
function isResending({ row }: InetSocket): boolean {
  const isOpen = row.state === TCP_STATE.established || row.state === TCP_STATE.closeWait
  return isOpen && row.timer === TCP_TIMER.retransmit && row.retransmits > 0
}

interface Loss {
  again: number
  sent: number
}

/** A share needs a floor: one of three segments says nothing. */
function isLoss({ again, sent }: Loss): boolean {
  const { retransmittedSegments, retransmittedShare } = THRESHOLDS
  return again >= retransmittedSegments.value && again > sent * retransmittedShare.value
}

/** Of all connections of the namespace. */
function lossOf(facts: HealthFacts): Loss | undefined {
  const all = facts.rise('Tcp', 'RetransSegs')
  const sent = facts.rise('Tcp', 'OutSegs')
  if (all === undefined || sent === undefined || sent <= 0) return undefined
  const loss = { again: all - (facts.rise('TcpExt', 'TCPSynRetrans') ?? 0), sent }
  return isLoss(loss) ? loss : undefined
}

interface LossySocket extends Loss {
  socket: InetSocket
}

/** Of one connection, where the kernel told its counts in both looks, or in one what a tracer counted is compared with. */
function lossOfSocket(socket: InetSocket, facts: HealthFacts): LossySocket | undefined {
  const traced = facts.now.traced?.sentAgain.find(
    ({ localPort, remotePort }) => socket.row.localPort === localPort && socket.row.remotePort === remotePort,
  )
  const inAll = socket.kernel?.tcpInfo?.segsOut
  if (traced !== undefined && inAll !== undefined) {
    // Since it began: its share in this time is no smaller.
    const loss = { socket, again: traced.count, sent: inAll }
    return isLoss(loss) ? loss : undefined
  }
  const [now, before] = [socket, facts.earlier(socket)].map(one => one?.kernel?.tcpInfo)
  if (now?.totalRetrans === undefined || before?.totalRetrans === undefined) return undefined
  if (now.segsOut === undefined || before.segsOut === undefined) return undefined
  const loss = { socket, again: now.totalRetrans - before.totalRetrans, sent: now.segsOut - before.segsOut }
  return isLoss(loss) ? loss : undefined
}

function reportLoss(
  loss: Loss | undefined,
  lossy: readonly LossySocket[],
  resending: readonly InetSocket[],
  facts: HealthFacts,
): HealthFinding {
  const traced = tracedSenders(facts)
  const affected = lossy.length > 0 ? lossy.map(({ socket }) => socket) : traced.length > 0 ? traced : resending
  const peers = [...groupBy(affected, ({ row }) => unmapIp(row.remoteAddress))].sort(
    ([, a], [, b]) => b.length - a.length,
  )
  const toOne = peers.length === 1 ? ` to ${peers[0]![0]}` : ''
  const { again, sent } = loss ?? sumOf(lossy)
  const { retransmittedShare, retransmittedSegments } = THRESHOLDS
  const limits = `from ${retransmittedShare.value * 100} % and ${retransmittedSegments.value} on`
  return finding(
    'retransmits',
    'warning',
    `${affected.length > 0 ? 'sends segments again' : 'segments are sent again'}: ${percent(again / sent)} of those of ${loss === undefined ? counted(lossy.length, 'connection') : 'all connections here'} get lost on the way${toOne}`,
    {
      of: affected,
      measured: [
        measured('retransmittedSegments', again, 'RetransSegs of net/snmp'),
        measured('retransmittedShare', again / Math.max(1, sent), 'OutSegs of net/snmp'),
      ],
      reach: again,
      evidence: [
        ...(loss === undefined
          ? []
          : [
              `${again} of ${sent} segments sent again ${during(facts.seconds)}, handshakes not counted (net/snmp RetransSegs, OutSegs; ${limits})`,
            ]),
        ...[...lossy]
          .sort((a, b) => b.again - a.again)
          .slice(0, NAMED)
          .map(
            ({ socket, ...of }) =>
              `${who([socket], 'owner not known')} to ${remote(socket)}: ${of.again} of ${of.sent} segments, ${percent(of.again / of.sent)} (tcp_info; ${limits})`,
          ),
        ...(lossy.length > 0 ? [] : traced.length > 0 ? [tracedPeers(peers)] : [waitingPeers(peers, resending)]),
      ],
      do: [
        peers.length === 1
          ? 'look at the way to that peer: ip -s link, mtr; other peers are not affected'
          : 'look at what all have in common: the interface (ip -s link), its queue, the next hop',
      ],
      not: ['TCP settings: a loss on the way is not mended by them'],
    },
  )
}

/** Whose segments a tracer saw sent again, the most first; a connection that is gone is known by one of its ports. */
function tracedSenders({ now, before }: HealthFacts): InetSocket[] {
  const rows = [...now.sockets, ...(before?.sockets ?? [])].filter(socket => isTcp(socket) && socket.row.inode !== '0')
  const found = [...(now.traced?.sentAgain ?? [])]
    .sort((a, b) => b.count - a.count)
    .flatMap(
      ({ localPort, remotePort }) =>
        rows.find(({ row }) => row.localPort === localPort && row.remotePort === remotePort) ??
        rows.find(({ row }) => row.state !== TCP_STATE.listen && row.remotePort === remotePort) ??
        rows.find(({ row }) => row.localPort === localPort) ??
        [],
    )
  return [...new Set(found)]
}

const tracedPeers = (peers: readonly [string, InetSocket[]][]) =>
  `the segments sent again were those of ${peers
    .slice(0, NAMED)
    .map(([address, sockets]) => `${who(sockets, 'owner not known')} to ${address}`)
    .join(', ')} (tracepoint tcp:tcp_retransmit_skb)`

/** Connections and peers that are named one by one. */
const NAMED = 3

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

function sumOf(lossy: readonly Loss[]): Loss {
  return lossy.reduce((sum, { again, sent }) => ({ again: sum.again + again, sent: sum.sent + sent }), {
    again: 0,
    sent: 0,
  })
}

function waitingPeers(peers: readonly [string, InetSocket[]][], resending: readonly InetSocket[]): string {
  if (peers.length === 0) return 'no connection waited for an answer when the tables were read'
  const named = peers
    .slice(0, NAMED)
    .map(([address, sockets]) => `${address} (${who(sockets, 'owner not known')})`)
    .join(', ')
  return `${counted(resending.length, 'connection')} with ${peers.length === 1 ? 'one peer' : `${peers.length} peers`} wait for an answer: ${named}${peers.length > NAMED ? ' …' : ''}`
}

function reportSilence(sockets: readonly InetSocket[], facts: HealthFacts): HealthFinding {
  const most = Math.max(...sockets.map(({ row }) => row.retransmits))
  const [first] = sockets
  return finding(
    'retransmits',
    // Clients of a server go away without a word every day.
    sockets.every(socket => isOfServer(socket, facts)) ? 'info' : 'warning',
    `sends to ${remote(first!)} on ${counted(sockets.length, 'connection')} and gets no acknowledgement`,
    {
      of: sockets,
      otherwise: 'a program',
      measured: [measured('retransmitBackoff', most, 'net/tcp')],
      reach: sockets.length,
      evidence: [
        `the same segment was sent again up to ${most} times without an answer (from ${THRESHOLDS.retransmitBackoff.value} on)`,
        `Send-Q ${Math.max(...sockets.map(({ row }) => row.txQueueBytes))} bytes at most`,
      ],
      do: [
        'see whether that peer is still there: a machine that went away, or a firewall or NAT that forgot the connection, says nothing',
      ],
      not: ['waiting: the kernel gives up only after tcp_retries2, some 15 minutes'],
    },
  )
}

/** Whether the other side opened the connection. */
const isOfServer = ({ row }: InetSocket, facts: HealthFacts) =>
  facts.listenersAt(unmapIp(row.localAddress), row.localPort, row.table as TcpTable).length > 0
