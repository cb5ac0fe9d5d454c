import {
  type EndedConnection,
  type SeenConnection,
  type TrafficAccountant,
} from '../../src/sockets/traffic/accountant.ts'
import { UNKNOWN_OWNER } from '../../src/sockets/traffic/traffic-owners.ts'

/** A connection of a look that has carried nothing, unless told otherwise. */
export const seen = (cookie: number | bigint, counts: Partial<SeenConnection> = {}): SeenConnection => ({
  cookie,
  received: 0,
  sent: 0,
  retransmits: 0,
  dataSegmentsIn: undefined,
  finReceived: false,
  owner: UNKNOWN_OWNER,
  ...counts,
})

/** The end of one. */
export const ended = (cookie: number | bigint, counts: Partial<EndedConnection> = {}): EndedConnection => ({
  cookie,
  received: 0,
  sent: 0,
  retransmits: 0,
  dataSegmentsIn: undefined,
  idleMs: 0,
  acceptedBy: undefined,
  ...counts,
})

/** A look at these connections; their places. */
export function look(accountant: TrafficAccountant, atMs: number, rows: SeenConnection[], whole = true) {
  accountant.beginLook(atMs)
  const places = rows.map(row => accountant.see(row))
  accountant.endLook(whole)
  return places
}

export const NGINX = { pid: 7, startTicks: 1, program: 'nginx', unit: 'nginx.service' }
