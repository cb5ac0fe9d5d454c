import type { FactsWanted } from '../diag/read-facts.ts'
import type { KernelFacts, Socket, TcpInfo } from '../model.ts'
import { limitedBy } from '../rules/limited-by.ts'
import { formatBytes } from '../../terminal/units.ts'
import type { SocketColumn } from './socket-column.ts'
import { deviceText, wordText } from './cell-text.ts'

type Text = (value: number) => string

/** A number of which only the kernel tells; `-` where it is not known. */
function numeric(header: string, value: (socket: Socket) => number | undefined, text: Text = String): SocketColumn {
  return {
    header,
    align: 'right',
    text(socket) {
      const number = value(socket)
      return number === undefined ? '-' : text(number)
    },
    sortValue: socket => value(socket) ?? -1,
  }
}

function worded(header: string, text: (facts: KernelFacts) => string | undefined): SocketColumn {
  return { header, text: ({ kernel }) => (kernel && text(kernel)) ?? '-' }
}

const ofInfo = (header: string, value: (info: TcpInfo) => number | undefined, text?: Text) =>
  numeric(header, ({ kernel }) => (kernel?.tcpInfo === undefined ? undefined : value(kernel.tcpInfo)), text)

/** Microseconds as milliseconds, as ss and ping print them. */
const milliseconds: Text = us => String(us / 1000)
/** One word, so that a row stays columns: `12.3MiB/s`. */
const rate: Text = bytesPerSecond => `${formatBytes(bytesPerSecond).replace(' ', '')}/s`

const acceptQueueLimit = ({ row }: Socket) => ('acceptQueueLimit' in row ? row.acceptQueueLimit : undefined)

const SHUTDOWN = ['none', 'receive', 'send', 'both']

/** Columns of what costs the kernel nothing to tell. */
const PLAIN_COLUMNS = {
  backlog: numeric('Backlog', acceptQueueLimit),
  cookie: worded('Cookie', facts => facts.cookie),
  v6only: worded('V6only', ({ v6only }) => (v6only === undefined ? undefined : v6only ? 'yes' : 'no')),
  device: {
    header: 'Device',
    text: ({ kernel, interfaceName }) =>
      kernel === undefined
        ? '-'
        : kernel.interfaceIndex === undefined
          ? '*'
          : deviceText(kernel.interfaceIndex, interfaceName),
  },
  mark: worded('Mark', ({ mark }) => (mark === undefined ? undefined : `0x${mark.toString(16)}`)),
  cgroup: {
    header: 'Cgroup',
    shrinksTo: 12,
    text({ kernel }, { cgroups }) {
      const id = kernel?.cgroupId
      if (id === undefined) return '-'
      const path = cgroups?.get(id)
      return path === undefined ? `id:${id}` : wordText(path)
    },
  },
  shutdown: worded('Shutdown', ({ shutdown }) => (shutdown === undefined ? undefined : SHUTDOWN[shutdown & 3])),
  'peer-inode': worded('Peer Inode', ({ peerInode }) => peerInode),
} satisfies Record<string, SocketColumn>

const CONGESTION_COLUMN = {
  congestion: worded('Congestion', ({ congestion }) => congestion && wordText(congestion)),
} satisfies Record<string, SocketColumn>

const BUFFER_COLUMNS = {
  rcvbuf: numeric('Rcvbuf', ({ kernel }) => kernel?.memory?.receiveLimitBytes),
  sndbuf: numeric('Sndbuf', ({ kernel }) => kernel?.memory?.sendLimitBytes),
} satisfies Record<string, SocketColumn>

const TCP_INFO_COLUMNS = {
  rtt: ofInfo('RTT ms', info => info.rttUs, milliseconds),
  rttvar: ofInfo('RTTvar ms', info => (info.rttUs === undefined ? undefined : info.rttvarUs), milliseconds),
  minrtt: ofInfo('Min RTT ms', info => info.minRttUs, milliseconds),
  rto: ofInfo('RTO ms', info => info.rtoUs, milliseconds),
  cwnd: ofInfo('Cwnd', info => info.sndCwnd),
  ssthresh: ofInfo('Ssthresh', info => info.sndSsthresh),
  mss: ofInfo('MSS', info => info.sndMssBytes),
  pmtu: ofInfo('PMTU', info => info.pmtuBytes),
  unacked: ofInfo('Unacked', info => info.unacked),
  notsent: ofInfo('Notsent', info => info.notsentBytes),
  retrans: ofInfo('Retrans', info => info.totalRetrans),
  lost: ofInfo('Lost', info => info.lost),
  'bytes-sent': ofInfo('Bytes Sent', info => info.bytesSent),
  'bytes-acked': ofInfo('Bytes Acked', info => info.bytesAcked),
  'bytes-received': ofInfo('Bytes Received', info => info.bytesReceived),
  'bytes-retrans': ofInfo('Bytes Retrans', info => info.bytesRetrans),
  'segs-out': ofInfo('Segs Out', info => info.segsOut),
  'segs-in': ofInfo('Segs In', info => info.segsIn),
  'send-window': ofInfo('Send Window', info => info.sndWndBytes),
  'receive-window': ofInfo('Receive Window', info => info.rcvWndBytes),
  'delivery-rate': ofInfo('Delivery', info => info.deliveryRateBytesPerSecond, rate),
  'pacing-rate': ofInfo('Pacing', info => info.pacingRateBytesPerSecond, rate),
  'last-sent': ofInfo('Last Sent ms', info => info.lastDataSentMs),
  'last-received': ofInfo('Last Received ms', info => info.lastDataRecvMs),
  'limited-by': worded('Limited By', ({ tcpInfo }) => tcpInfo && limitedBy(tcpInfo)),
} satisfies Record<string, SocketColumn>

/** Columns of facts that only the kernel's own answer has. */
export const KERNEL_COLUMNS = { ...PLAIN_COLUMNS, ...CONGESTION_COLUMN, ...BUFFER_COLUMNS, ...TCP_INFO_COLUMNS }

/** What has to be asked for these columns; undefined where nothing. */
export function factsForColumns(names: readonly string[]): FactsWanted | undefined {
  const some = (columns: object) => names.some(name => name in columns)
  if (some(TCP_INFO_COLUMNS)) return some(BUFFER_COLUMNS) ? 'all' : 'tcp-info'
  if (some(BUFFER_COLUMNS) || some(CONGESTION_COLUMN)) return 'memory'
  return some(PLAIN_COLUMNS) ? 'plain' : undefined
}
