import { unmapIp } from '../../../kernel/ip-address.ts'
import type { Closing } from '../../diag/closings.ts'
import type { Socket } from '../../model.ts'
import { listeningOf } from '../../rules/listening.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { InetRow, TcpTable } from '../../tables/inet-row.ts'
import type { ShortLived, SocketChange, SocketEnd } from '../change.ts'

export interface Looks {
  changes: readonly SocketChange[]
  /** Cookies of sockets that earlier looks knew. */
  known: ReadonlySet<string>
  after: readonly Socket[]
}

/**
 * Joins what the kernel told of ends with what two looks show: each end to its row by the cookie. Ends of sockets that no
 * look saw are of short-lived ones; those of sockets that the later look still shows alive came after it: `early`.
 */
export function addEnds(
  { changes, known, after }: Looks,
  closings: readonly Closing[],
): { changes: SocketChange[]; shortLived: ShortLived[]; early: Closing[] } {
  const byCookie = new Map(closings.map(closing => [closing.kernel.cookie, closing]))
  const alive = new Set(after.flatMap(({ row, kernel }) => (row.inode !== '0' && kernel ? [kernel.cookie] : [])))
  const early = closings.filter(({ kernel }) => alive.has(kernel.cookie))
  const told = new Set(early)
  const completed = changes.map(change => {
    const cookie = (change.before ?? change.after)?.kernel?.cookie
    const closing = cookie === undefined ? undefined : byCookie.get(cookie)
    if (closing === undefined || told.has(closing)) return change
    told.add(closing)
    // A listener carries nothing itself.
    return closing.row.remotePort === 0 ? change : { ...change, end: endOf(closing) }
  })
  const unseen = closings.filter(closing => !told.has(closing) && !known.has(closing.kernel.cookie))
  return { changes: completed, shortLived: byService(unseen, after), early }
}

export function endOf({ kernel: { tcpInfo } }: Closing): SocketEnd {
  return {
    bytesSent: tcpInfo?.bytesSent ?? tcpInfo?.bytesAcked,
    bytesReceived: tcpInfo?.bytesReceived,
    rttUs: tcpInfo?.rttUs,
    retransmits: tcpInfo?.totalRetrans,
  }
}

/** The most frequent first. */
function byService(closings: readonly Closing[], sockets: readonly Socket[]): ShortLived[] {
  const owners = new Map(sockets.map(socket => [socket.row as object, socket]))
  const listening = listeningOf(sockets.map(({ row }) => row).filter(isInetRow))
  const services = new Map<string, ShortLived>()
  for (const closing of closings) {
    const { row } = closing
    const [listener] = listening.at(unmapIp(row.localAddress), row.localPort, row.table as TcpTable)
    const service = serviceOf(row, listener)
    const key = JSON.stringify(service)
    const known = services.get(key) ?? {
      ...service,
      listener: listener && owners.get(listener),
      count: 0,
      bytesSent: 0,
      bytesReceived: 0,
    }
    const { bytesSent = 0, bytesReceived = 0 } = endOf(closing)
    known.count += 1
    known.bytesSent += bytesSent
    known.bytesReceived += bytesReceived
    services.set(key, known)
  }
  return [...services.values()].toSorted((a, b) => b.count - a.count)
}

function serviceOf(row: InetRow, listener: InetRow | undefined) {
  const protocol = row.table
  if (listener !== undefined || row.remotePort === 0)
    return { side: 'accepted' as const, protocol, address: unmapIp(row.localAddress), port: row.localPort }
  // Without a look at listeners the lower port is the service, most often.
  if (row.localPort < row.remotePort)
    return { side: 'accepted' as const, protocol, address: unmapIp(row.localAddress), port: row.localPort }
  return { side: 'to' as const, protocol, address: unmapIp(row.remoteAddress), port: row.remotePort }
}
