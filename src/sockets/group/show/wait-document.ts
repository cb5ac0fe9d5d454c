import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import type { Socket } from '../../model.ts'
import { socketJson, type SocketJson } from '../../show/socket-json.ts'

/** Document of `mynetstat --wait` and `--wait-gone`. */
export interface SocketWaitDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/socket-wait/1'
  /** What was waited for: that a socket is so, or that none is. */
  until: 'there' | 'gone'
  /** The filter as it was read. */
  filter: string
  met: boolean
  /** Seconds until it was met, or until the time was over. */
  waitedSeconds: number
  /** How often was looked. */
  looks: number
  /** The sockets that are so at the last look. */
  sockets: SocketJson[]
  /** Sockets of which it is not known whether they are so. */
  unknownSockets: number
  /** Where it was not met: what there was instead, each in a sentence. */
  instead: string[]
}

export interface WaitResult {
  until: 'there' | 'gone'
  filter: string
  met: boolean
  waitedMs: number
  looks: number
  sockets: readonly Socket[]
  unknown: number
  instead: string[]
}

/** The document `linsight/socket-wait/1`. */
export function waitDocument(
  origin: Origin,
  { waitedMs, sockets, unknown, ...result }: WaitResult,
  userHz: number,
): Document<SocketWaitDocument, 'sockets'> {
  return {
    what: 'socket-wait',
    origin,
    lists: { sockets: sockets.map(socket => socketJson(socket, userHz)) },
    facts: { ...result, waitedSeconds: Math.round(waitedMs) / 1000, unknownSockets: unknown },
  }
}
