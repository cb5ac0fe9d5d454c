import type { Warning } from '../../warnings.ts'
import type { ChangeRound } from '../change/change.ts'
import { endsUntold, openEndsOf } from '../change/open-ends.ts'
import { shortLivedJson, type ShortLivedLine, type SocketChangedLine } from '../change/show/change-json.ts'
import { watchSockets, type WatchOptions } from '../change/watch-sockets.ts'
import type { SocketReport } from '../model.ts'
import { socketJson, type SocketJson } from '../show/socket-json.ts'
import type { SocketLooks } from './answer-sockets.ts'
import type { SocketQuery } from './query.ts'

/** A socket that ended: what it was, what it carried, how long it was seen. */
export interface ClosedSocket extends Pick<SocketChangedLine, 'end' | 'lived'> {
  socket: SocketJson
}

/** A socket that is not as it was at the look before. */
export interface ChangedSocket extends Required<Pick<SocketChangedLine, 'kinds'>> {
  before: SocketJson
  after: SocketJson
}

/** What happened between two looks, in lists that may be long. */
export interface ChangeLists {
  /** Sockets that were not there at the look before. */
  opened: SocketJson[]
  /** Sockets that have gone. A connection in TIME_WAIT is still there: it has changed. */
  closed: ClosedSocket[]
  /** Sockets with another state, peer, address or owner, and services that were started again. */
  changed: ChangedSocket[]
  /** Sockets that began and ended between two looks, by the service they were of. */
  shortLived: Omit<ShortLivedLine, 'type' | 'time'>[]
}

/** One round of a watch: the first one has in `opened` what there was already. */
export interface AnswerRound {
  isFirst: boolean
  atMs: number
  lists: { [Key in keyof ChangeLists]: Iterable<ChangeLists[Key][number]> }
  /** Ends of sockets that the kernel told; how many it could not tell. */
  told: number
  lost: number
  sockets: number
  /** Of what is seen by looking: what limits it. New ones only. */
  warnings: Warning[]
}

/** Looks every `intervalMs`, and yields every look's changes, also where there are none. */
export async function* watchAnswer(
  looks: SocketLooks,
  query: SocketQuery,
  options: Pick<WatchOptions, 'intervalMs' | 'signal' | 'cpuMs'>,
): AsyncGenerator<AnswerRound> {
  const { request } = looks.plan
  const userHz = looks.source.meta.userHz ?? 100
  const ends = await openEndsOf(request.tables, query.allNamespaces === true || query.netns !== undefined)
  const said = new Set<string>()
  const limits = async (report: SocketReport) => {
    const all = [...(await looks.complete(report)), ...(typeof ends === 'string' ? [endsUntold(ends)] : [])]
    const fresh = all.filter(({ code }) => !said.has(code))
    for (const { code } of fresh) said.add(code)
    return fresh
  }
  const steps = watchSockets({
    ...options,
    look: () => looks.look(),
    closings: typeof ends === 'string' ? undefined : ends,
    selection: request.selection,
    tables: new Set(request.tables),
    filter: request.filter,
    columns: undefined,
  })
  for await (const step of steps) {
    if ('first' in step) {
      const warnings = await limits(step.first)
      const { sockets } = step.first
      yield {
        isFirst: true,
        atMs: Date.now(),
        lists: { ...NOTHING, opened: mapped(sockets, socket => socketJson(socket, userHz)) },
        told: 0,
        lost: 0,
        sockets: sockets.length,
        warnings,
      }
      continue
    }
    const { round, report } = step
    const warnings = await limits(report)
    yield {
      isFirst: false,
      atMs: round.atMs,
      lists: changeLists(round, userHz),
      told: round.closed,
      lost: round.lost,
      sockets: round.sockets.length,
      warnings,
    }
  }
}

const NOTHING = { opened: [], closed: [], changed: [], shortLived: [] }

function changeLists({ changes, shortLived }: ChangeRound, userHz: number): AnswerRound['lists'] {
  const json = (socket: NonNullable<(typeof changes)[number]['after']>) => socketJson(socket, userHz)
  const of = (mark: string) => changes.filter(change => change.mark === mark)
  return {
    opened: mapped(of('+'), ({ after }) => json(after!)),
    closed: mapped(of('-'), ({ before, end, lived }) => ({ socket: json(before!), end, lived })),
    changed: mapped(of('~'), ({ before, after, kinds }) => ({ kinds, before: json(before!), after: json(after!) })),
    shortLived: mapped(shortLived, service => shortLivedJson(service, userHz)),
  }
}

/** Made one by one: there may be very many. */
function* mapped<From, To>(items: Iterable<From>, convert: (item: From) => To): Generator<To> {
  for (const item of items) yield convert(item)
}
