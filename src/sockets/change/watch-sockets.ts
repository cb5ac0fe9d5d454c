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
}

/** Ends are read so often: what waits to be read has room for some thousands. */
const READING_MS = 100
/** An end is told a moment after its row has gone. */
const LATE_END_MS = 20

/** The first look, then what changed in each one behind it. */
export async function* watchSockets(
  options: WatchOptions,
): AsyncGenerator<{ first: SocketReport } | { round: ChangeRound; report: SocketReport }> {
  const { closings, signal } = options
  const heard: Closing[] = []
  const listen = () => void heard.push(...(closings?.read() ?? []))
  const timer = closings && setInterval(listen, READING_MS).unref()
  const began = performance.now()
  try {
    const used = process.cpuUsage()
    let report = options.look()
    // What ended before the first look was no part of it.
    listen()
    heard.length = 0
    let state: Watched = { sockets: report.sockets, since: new Map(), known: cookiesOf(report.sockets), lost: 0 }
    yield { first: report }
    let next = began + paceMs(options.intervalMs, cpuMs(used))
    while (await waited(next - performance.now(), signal)) {
      const start = performance.now()
      const cpu = process.cpuUsage()
      report = options.look()
      listen()
      const { changes, pairs } = socketChanges(state.sockets, report.sockets, options.columns)
      if (closings !== undefined && changes.some(({ mark }) => mark === '-')) {
        await sleep(LATE_END_MS)
        listen()
      }
      const asked = heard.splice(0).filter(closing => isAsked(closing, options))
      const ended = addEnds({ changes, known: state.known, after: report.sockets }, asked)
      heard.unshift(...ended.early)
      const lost = closings?.lost() ?? 0
      const round: ChangeRound = {
        atMs: Date.now(),
        changes: ended.changes.map(change => ({ ...change, lived: livedOf(change, state.since, start - began) })),
        shortLived: ended.shortLived,
        closed: asked.length - ended.early.length,
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
      next = start + paceMs(options.intervalMs, cpuMs(cpu))
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

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
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
