import { UsageError } from '../../errors.ts'
import { originOf } from '../../proc/origin.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { prepareLooks, watchAnswer } from '../../sockets/answer/index.ts'
import type { Document } from '../../terminal/json.ts'
import type { WatchQuery } from '../queries.ts'
import { threadCpuMs } from './thread-cpu.ts'
import type { SocketChangesDocument } from '../show/socket-changes-document.ts'
import type { Answered } from '../thread/parts.ts'

const DEFAULT_MS = 1000
const LEAST_MS = 10
/** A day. */
const MOST_MS = 24 * 3_600_000

/** What changes, look for look, until `signal`. */
export async function* answerWatch(
  source: ProcSource,
  query: WatchQuery,
  signal: AbortSignal,
): AsyncGenerator<Answered> {
  const { interval = DEFAULT_MS } = query
  if (!(interval >= LEAST_MS && interval <= MOST_MS))
    throw new UsageError(`interval is ${interval}, not between ${LEAST_MS} and ${MOST_MS} milliseconds`)
  if (!source.mayChange)
    throw new UsageError(`${source.label} was read once, and never changes`, { hint: 'watch() is for this machine' })
  const looks = await prepareLooks(source, query)
  // Rules and proxies are not asked at every look.
  looks.plan.published = false
  for await (const round of watchAnswer(looks, query, { intervalMs: interval, signal, cpuMs: threadCpuMs })) {
    const { isFirst, atMs, lists, told, lost, sockets, warnings } = round
    const origin = { ...originOf(source), takenAt: new Date(atMs).toISOString() }
    const document: Document<SocketChangesDocument, keyof typeof lists> = {
      what: 'socket-changes',
      origin,
      lists,
      facts: { first: isFirst, sockets, endsTold: told, endsLost: lost },
    }
    yield { document, warnings }
  }
}
