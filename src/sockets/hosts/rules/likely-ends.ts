import { groupBy } from '../../../group-by.ts'
import { isLoopbackIp, unmapIp } from '../../../kernel/ip-address.ts'
import { TCP_STATE, TIME_WAIT } from '../../../kernel/tcp-state.ts'
import type { Socket } from '../../model.ts'
import type { Located } from './far-ends.ts'

/**
 * Ends behind a translation that nobody recorded: sockets without an end of which one sees the whole address of the other,
 * while the other address is that of a translator. Taken where both ports agree (the translator kept them), or where the
 * address that is seen is that of a port which nobody listens on: then it is one connection's alone.
 */
export function likelyEnds(open: readonly Located[], all: readonly Located[]): Map<Socket, Located[]> {
  const living = open.filter(
    ({ socket: { row } }) => row.state !== TIME_WAIT && !isLoopbackIp(unmapIp(row.localAddress)),
  )
  const byLocal = groupBy(living, localOf)
  const byRemote = groupBy(living, remoteOf)
  const listening = new Set(
    all.flatMap(({ socket }) =>
      socket.row.state === TCP_STATE.listen ? [`${socket.netns?.netns} ${socket.row.localPort}`] : [],
    ),
  )
  const isOwnPort = ({ socket }: Located) => !listening.has(`${socket.netns?.netns} ${socket.row.localPort}`)
  const found = new Map<Socket, Located[]>()
  for (const one of living) {
    const whoSeesIt = (byRemote.get(localOf(one)) ?? []).filter(other => isOwnPort(one) || portsAgree(one, other))
    const whomItSees = (byLocal.get(remoteOf(one)) ?? []).filter(other => isOwnPort(other) || portsAgree(one, other))
    const ends = [...new Set([...whoSeesIt, ...whomItSees])].filter(other => other.at.host !== one.at.host)
    if (ends.length > 0) found.set(one.socket, ends)
  }
  return found
}

const localOf = ({ socket: { row } }: Located) => `${unmapIp(row.localAddress)} ${row.localPort}`
const remoteOf = ({ socket: { row } }: Located) => `${unmapIp(row.remoteAddress)} ${row.remotePort}`

function portsAgree({ socket: { row } }: Located, { socket: { row: other } }: Located): boolean {
  return row.localPort === other.remotePort && row.remotePort === other.localPort
}
