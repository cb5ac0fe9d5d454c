import { namespaceNameJson, type NamespaceNameJson } from '../../namespaces/show/namespace-json.ts'
import { programName } from '../../processes/process-facts.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { PeerKind, Socket, SocketPeer } from '../model.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { protocolText, stateText } from './cell-text.ts'

/** With `--peer`: the other end of a socket. */
export interface PeerJson {
  kind: PeerKind
  /** The other end, or candidates of which one is it; empty where none was found. */
  ends: PeerEndJson[]
  /** Listeners that have to accept the connection. */
  listeners?: PeerEndJson[] | undefined
  /** Addresses were translated on the way (NAT). */
  translated?: true | undefined
}

/** A socket at the other end. Texts that are not UTF-8 are escaped. */
export interface PeerEndJson {
  protocol: string
  /** "0" where no file stands for the socket. */
  inode: string
  state: string
  localAddress?: string | undefined
  localPort?: number | undefined
  /** Of a unix socket; `@` leads an abstract name. */
  path?: string | undefined
  /** The network namespace it is in. */
  netns?: NamespaceNameJson | undefined
  owners: PeerOwnerJson[]
}

export interface PeerOwnerJson {
  pid: number
  program: string
}

export function peerJson({ kind, ends, listeners, translated }: SocketPeer): PeerJson {
  return { kind, ends: ends.map(endJson), listeners: listeners?.map(endJson), translated }
}

export function endJson(end: Socket): PeerEndJson {
  const { row, netns, owners = [] } = end
  return {
    protocol: protocolText(end),
    inode: row.inode,
    state: stateText(end),
    ...(isInetRow(row) && { localAddress: row.localAddress, localPort: row.localPort }),
    ...(row.table === 'unix' && row.path !== undefined && { path: escapeBytes(row.path) }),
    ...(netns && { netns: namespaceNameJson(netns.namespace) }),
    owners: owners.map(({ process }) => ({ pid: process.pid, program: escapeBytes(programName(process)) })),
  }
}
