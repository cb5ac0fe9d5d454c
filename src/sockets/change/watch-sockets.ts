import { setTimeout as sleep } from 'node:timers/promises'
import type { Closing, Closings } from '../diag/closings.ts'
import { selectSockets, type SocketFilter } from '../filter/socket-filter.ts'
import type { Socket, SocketReport } from '../model.ts'
import { isSelected, type SocketSelection } from '../rules/selection.ts'
import type { TableName } from '../tables/socket-row.ts'
import type { ChangeRound, Lifetime, SocketChange } from './change.ts'
import { paceMs } from './pace.ts'
import { addEnds } from './rules/add-ends.ts'
import { socketChanges, type ShownColumns } from './rules/socket-changes.ts'

/** What is watched, and how. */
export interface WatchOptions {
  intervalMs: number
  /** Looks once. */
  look(): SocketReport
  /** The ends of sockets, as the kernel tells them; undefined where it cannot be asked. */
  closings: Closings | undefined
  /** Which of these ends were asked for. */
  selection: SocketSelection
  tables: ReadonlySet<TableName>
  filter: SocketFilter | undefined
  columns: ShownColumns
  signal: AbortSignal
  /** CPU time that looking has used so far; that of the process where absent. */
  cpuMs?: (() => number) | undefined
}

/** Ends are read so often: what waits to be read has room for some thousands. */
const READING_MS = 100
/** An end is told a moment after its row has gone. */
const LATE_END_MS = 20
/** Ends that are kept while nobody takes a round, some 100 MB: the kernel counts those that it then has no room for. */
const MOST_HEARD = 50_000

/** The first look, then what changed in each one behind it. */
export async function* watchSockets(
  options: WatchOptions,
): AsyncGenerator<{ first: SocketReport } | { round: ChangeRound; report: SocketReport }> {
  const { closings, signal, cpuMs = processCpuMs } = options
  let heard: Closing[] = []
  const listen = () => {
    if (closings === undefined || heard.length >= MOST_HEARD) return
    for (const closing of closings.read()) if (isAsked(closing, options)) heard.push(closing)
  }
  const timer = closings && setInterval(listen, READING_MS).unref()
  const began = performance.now()
  try {
    let report = options.look()
    // What ended before the first look was no part of it.
    listen()
    heard = []
    let state: Watched = { sockets: report.sockets, since: new Map(), known: cookiesOf(report.sockets), lost: 0 }
    yield { first: report }
    // What it cost is no measure: code is loaded and compiled in it.
    let next = began + options.intervalMs
    while (await waited(next - performance.now(), signal)) {
      const start = performance.now()
      const used = cpuMs()
      report = options.look()
      listen()
      const { changes, pairs } = socketChanges(state.sockets, report.sockets, { columns: options.columns })
      if (closings !== undefined && changes.some(({ mark }) => mark === '-')) {
        await sleep(LATE_END_MS)
        listen()
      }
      const told = heard
      const ended = addEnds({ changes, known: state.known, after: report.sockets }, told)
      heard = ended.early
      const lost = closings?.lost() ?? 0
      const round: ChangeRound = {
        atMs: Date.now(),
        changes: ended.changes.map(change => ({ ...change, lived: livedOf(change, state.since, start - began) })),
        shortLived: ended.shortLived,
        closed: told.length - ended.early.length,
        lost: lost - state.lost,
        sockets: report.sockets,
      }
      const since = new Map<Socket, number>()
      for (const [was, is] of pairs) {
        const at = state.since.get(was)
        if (at !== undefined) since.set(is, at)
      }
      // What took the place of another socket came now, too.
      const paired = new Set(pairs.map(([, is]) => is))
      for (const { after } of ended.changes)
        if (after !== undefined && !paired.has(after)) since.set(after, start - began)
      // Two looks back as well: an end may be told after the row has gone.
      const known = new Set([...cookiesOf(state.sockets), ...cookiesOf(report.sockets)])
      state = { sockets: report.sockets, since, known, lost }
      next = start + paceMs(options.intervalMs, cpuMs() - used)
      yield { round, report }
    }
  } finally {
    clearInterval(timer)
    closings?.close()
  }
}

interface Watched {
  sockets: readonly Socket[]
  /** When a socket came, in ms since the watch began; those of the first look are not in it. */
  since: ReadonlyMap<Socket, number>
  /** Cookies of this look and the one before. */
  known: ReadonlySet<string>
  lost: number
}

/** False where the signal came meanwhile. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false
  await sleep(Math.max(0, ms), undefined, { signal }).catch(() => {})
  return !signal.aborted
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const cookiesOf = (sockets: readonly Socket[]) =>
  new Set(sockets.flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel.cookie])))

function isAsked({ row, kernel }: Closing, { selection, tables, filter }: WatchOptions): boolean {
  if (!tables.has(row.table) || !isSelected(row, selection)) return false
  return filter === undefined || selectSockets(filter, [{ row, kernel, owners: undefined }]).sockets.length > 0
}

function livedOf(
  { mark, before }: SocketChange,
  since: ReadonlyMap<Socket, number>,
  nowMs: number,
): Lifetime | undefined {
  if (mark !== '-') return undefined
  const at = since.get(before!)
  return at === undefined ? { ms: nowMs, atLeast: true } : { ms: nowMs - at, atLeast: false }
}
