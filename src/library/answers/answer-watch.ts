import { UsageError } from '../../errors.ts'
import { originOf } from '../../proc/origin.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { prepareLooks, watchAnswer } from '../../sockets/answer/index.ts'
import type { Document } from '../../terminal/json.ts'
import type { WatchQuery } from '../queries.ts'
import type { SocketChangesDocument } from '../show/socket-changes-document.ts'
import type { Answered } from '../thread/parts.ts'

const DEFAULT_MS = 1000
const LEAST_MS = 10

/** What changes, look for look, until `signal`. */
export async function* answerWatch(
  source: ProcSource,
  query: WatchQuery,
  signal: AbortSignal,
): AsyncGenerator<Answered> {
  const { interval = DEFAULT_MS } = query
  if (!(interval >= LEAST_MS))
    throw new UsageError(`interval is ${String(interval)}, at least ${LEAST_MS} milliseconds`)
  if (!source.mayChange) throw new UsageError(`${source.label} is a recording, which never changes`)
  const looks = await prepareLooks(source, query)
  // Rules and proxies are not asked at every look.
  looks.plan.published = false
  for await (const round of watchAnswer(looks, query, { intervalMs: interval, signal })) {
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
