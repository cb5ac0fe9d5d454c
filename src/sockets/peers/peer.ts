import type { Socket } from '../model.ts'

/** Every kind of answer about the other end of a socket, with what it means. docs/mynetstat.md is made from this table. */
export const PEER_KINDS = {
  connected: 'the other end is on this machine',
  'not-accepted': 'it is connected to a listener of this machine that has not accepted it; `listeners` have to',
  'one-way': 'what it sends reaches `ends`, or `ends` send to it; the other direction has no connection',
  ambiguous: 'one of `ends`, and nothing tells which',
  'not-here': 'no socket that could be seen is its other end: it is on another machine, or gone',
  'not-known': 'only the kernel tells, and it could not be asked',
} as const satisfies Record<string, string>

export type PeerKind = keyof typeof PEER_KINDS

/** The other end of a socket. */
export interface SocketPeer {
  kind: PeerKind
  /** The other end, or candidates; empty where none was found. */
  ends: readonly Socket[]
  /** Listeners that have to accept the connection. */
  listeners?: readonly Socket[] | undefined
  /** Addresses were translated on the way: conntrack tells what became of them. */
  translated?: true | undefined
}
