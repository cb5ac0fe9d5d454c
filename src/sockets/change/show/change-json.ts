import { safeJson } from '../../../terminal/json.ts'
import type { Warning } from '../../../warnings.ts'
import type { SocketsRoundLine } from '../../show/document.ts'
import { socketJson, type SocketJson } from '../../show/socket-json.ts'
import type { ChangeKind, ChangeRound, Lifetime, ShortLived, SocketEnd } from '../change.ts'
import type { WatchTotals } from './watch-screen.ts'

/** One line of `mynetstat --watch --json`: the first listing, a change, ends that no look saw, or the last line. */
export type SocketChangeLine = SocketsRoundLine | SocketChangedLine | ShortLivedLine | SocketChangesSummaryLine

/** A socket came, went or changed. */
export interface SocketChangedLine {
  type: 'change'
  /** ISO 8601, UTC: when it was seen. */
  time: string
  mark: '+' | '-' | '~'
  /** Of `~`: what is different. */
  kinds?: readonly ChangeKind[] | undefined
  before?: SocketJson | undefined
  after?: SocketJson | undefined
  /** What it carried, by the kernel's count at its end. */
  end?: SocketEnd | undefined
  /** Of what went: how long it was seen. */
  lived?: Lifetime | undefined
}

/** Sockets of one service that began and ended between two looks. */
export interface ShortLivedLine {
  type: 'short-lived'
  time: string
  side: 'accepted' | 'to'
  protocol: string
  address: string
  port: number
  count: number
  bytesSent: number
  bytesReceived: number
  /** The socket that listens there. */
  listener?: SocketJson | undefined
}

/** The last line. */
export interface SocketChangesSummaryLine extends WatchTotals {
  type: 'summary'
  /** Looks, the first one included. */
  rounds: number
  /** The kernel told of sockets that ended; where it did not, `closed` and `shortLived` are 0 for that reason. */
  endsTold: boolean
  warnings: readonly Warning[]
}

export function* changeJsonLines({ atMs, changes, shortLived }: ChangeRound, userHz: number): Generator<string> {
  const time = new Date(atMs).toISOString()
  for (const { mark, kinds, before, after, end, lived } of changes) {
    const line: SocketChangedLine = {
      type: 'change',
      time,
      mark,
      kinds: kinds.length > 0 ? kinds : undefined,
      before: before && socketJson(before, userHz),
      after: after && socketJson(after, userHz),
      end,
      lived,
    }
    yield `${safeJson(line)}\n`
  }
  for (const service of shortLived)
    yield `${safeJson({ type: 'short-lived', time, ...shortLivedJson(service, userHz) } satisfies ShortLivedLine)}\n`
}

export function shortLivedJson(
  { listener, ...service }: ShortLived,
  userHz: number,
): Omit<ShortLivedLine, 'type' | 'time'> {
  return { ...service, listener: listener && socketJson(listener, userHz) }
}

export const changesSummaryLine = (
  rounds: number,
  totals: WatchTotals,
  endsTold: boolean,
  warnings: readonly Warning[],
): string =>
  `${safeJson({ type: 'summary', rounds, ...totals, endsTold, warnings } satisfies SocketChangesSummaryLine)}\n`
