import type { OwnerJson, SocketJson } from '../../sockets/answer/index.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { SocketTable } from '../model.ts'

/** Each row holds its texts, and is searched. */
const MOST_CHARACTERS = 500

/** Sockets of several machines, in columns; names are escaped. */
export function socketTable(
  machines: Iterable<{ host: string | undefined; sockets: Iterable<SocketJson> }>,
): SocketTable {
  const places = new Map<string, number>()
  const placeOf = (whole: string) => {
    const text = whole.length <= MOST_CHARACTERS ? whole : `${whole.slice(0, MOST_CHARACTERS)}…`
    let place = places.get(text)
    if (place === undefined) places.set(text, (place = places.size))
    return place
  }
  const table: SocketTable = {
    count: 0,
    texts: [],
    protocol: [],
    state: [],
    local: [],
    remote: [],
    program: [],
    service: [],
    host: [],
    localPort: [],
    remotePort: [],
    pid: [],
    recvQ: [],
    sendQ: [],
  }
  for (const { host, sockets } of machines)
    for (const socket of sockets) {
      const ends = endsOf(socket)
      const [owner] = socket.owners ?? []
      table.count += 1
      table.protocol.push(placeOf(socket.protocol))
      table.state.push(placeOf('state' in socket ? socket.state : ''))
      table.local.push(placeOf(ends.local))
      table.remote.push(placeOf(ends.remote))
      table.localPort.push(ends.localPort)
      table.remotePort.push(ends.remotePort)
      table.program.push(placeOf(programOf(socket.owners)))
      table.service.push(placeOf(escapeText(owner?.container?.slice(0, ID_LENGTH) ?? owner?.unit ?? '')))
      table.host.push(placeOf(host ?? ''))
      table.pid.push(owner?.pid ?? -1)
      table.recvQ.push(queueOf(socket))
      table.sendQ.push('txQueueBytes' in socket ? (socket.txQueueBytes ?? -1) : -1)
    }
  table.texts = [...places.keys()]
  return table
}

/** As Docker shows ids. */
const ID_LENGTH = 12

/** `nginx`, `nginx +3` where further processes hold it. */
function programOf(owners: readonly OwnerJson[] = []): string {
  const [first, ...others] = owners
  if (first === undefined) return ''
  return `${escapeText(first.program ?? first.comm ?? '')}${others.length > 0 ? ` +${others.length}` : ''}`
}

/** As netstat has it: of a listener the connections that wait for accept(). */
function queueOf(socket: SocketJson): number {
  if ('acceptQueueConnections' in socket && socket.acceptQueueConnections !== undefined)
    return socket.acceptQueueConnections
  return 'rxQueueBytes' in socket ? (socket.rxQueueBytes ?? -1) : -1
}

interface Ends {
  local: string
  remote: string
  localPort: number
  remotePort: number
}

function endsOf(socket: SocketJson): Ends {
  const none = { local: '', remote: '', localPort: -1, remotePort: -1 }
  if ('localAddress' in socket) {
    const { localAddress, localPort, remoteAddress, remotePort } = socket
    return { local: localAddress, remote: remoteAddress, localPort, remotePort }
  }
  if ('localAddresses' in socket) {
    const { localAddresses, localPort, remoteAddresses, remotePort } = socket
    return { local: localAddresses.join(', '), remote: remoteAddresses.join(', '), localPort, remotePort }
  }
  if ('path' in socket && socket.path !== undefined) {
    const isEscaped = socket.pathBase64 !== undefined
    return { ...none, local: isEscaped ? socket.path : escapeText(socket.path) }
  }
  return 'portId' in socket ? { ...none, local: `port ${socket.portId}` } : none
}
