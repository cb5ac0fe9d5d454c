import type { Socket } from '../model.ts'

/** Every kind of answer about the other end of a socket among several hosts. docs/fleet.md is made from this table. */
export const END_KINDS = {
  connected: 'the socket with the same two addresses the other way round',
  translated: 'the same through address translation, which the connection tracking of a host told',
  likely: 'a socket that agrees in one whole address and a port: the other address was translated on the way',
  'not-accepted': 'connected to a listener that has not accepted it: `ends` are who has to',
  ambiguous: 'one of `ends`, and nothing tells which',
  'one-sided': 'the other address is one of `hosts`, and no such socket was seen there: it had gone, or not come yet',
  closed: 'nobody: what is in TIME_WAIT was closed by both sides',
  'not-here': 'on none of these hosts, as far as they could be read',
} as const satisfies Record<string, string>

export type EndKind = keyof typeof END_KINDS

/** A socket of one of the hosts. */
export interface HostSocket {
  /** As it was named to us. */
  host: string
  socket: Socket
  /** Undefined where it is connected to nothing, or leaves no host (unix). */
  end?: FarEnd | undefined
}

/** The other end of a socket, on any of the hosts. */
export interface FarEnd {
  kind: EndKind
  /** The other end, or candidates. */
  ends: readonly HostSocket[]
  /** Where it would have to be, of `one-sided`. */
  hosts?: readonly string[] | undefined
}
