import { originOf } from '../../../cli/base-command.ts'
import { untilSignal } from '../../../cli/until-signal.ts'
import { writeOut } from '../../../cli/write-out.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { documentLine } from '../../../terminal/json.ts'
import { Screen } from '../../../terminal/screen.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { changeJsonLines, changesSummaryLine } from '../../change/show/change-json.ts'
import { changeLines } from '../../change/show/change-text.ts'
import { endsUntold, openEndsOf } from '../../change/open-ends.ts'
import { addedTotals, NO_TOTALS, totalsText, WatchScreen } from '../../change/show/watch-screen.ts'
import { watchSockets } from '../../change/watch-sockets.ts'
import type { Closings } from '../../diag/closings.ts'
import type { Socket, SocketReport } from '../../model.ts'
import type { TextContext } from '../../show/cell-text.ts'
import { SOCKET_COLUMNS, type SocketColumnName } from '../../show/columns.ts'
import type { SocketColumn } from '../../show/socket-column.ts'
import { socketsDocument } from '../../show/document.ts'
import type { NetstatFlags } from '../flags.ts'
import type { NetstatRequest } from '../request.ts'
import type { JobContext } from './job.ts'

/** The listing that is watched, as it is looked at and printed otherwise. */
export interface WatchedListing {
  flags: NetstatFlags & { json?: boolean | undefined }
  source: ProcSource
  request: NetstatRequest
  look(): SocketReport
  /** Names for what a report shows; says once what limits it. */
  contextOf(report: SocketReport): Promise<TextContext>
  table(report: SocketReport, context: TextContext): Iterable<string>
}

/** Of a terminal that does not say how many it has. */
const DEFAULT_LINES = 24

/** Columns that change by themselves as time passes. */
const RESTLESS: ReadonlySet<SocketColumnName> = new Set(['timer'])

/** `mynetstat --watch`: first all, then what changes; on a terminal a screen that is drawn again. */
export async function runWatch(job: JobContext, listing: WatchedListing): Promise<void> {
  const { flags, source, request } = listing
  const stop = untilSignal()
  const theme = createTheme(job.terminal.color)
  const userHz = source.meta.userHz ?? 100
  const closings = await openEnds(job, listing)
  const screen = job.terminal.interactive && !flags.json ? new Screen() : undefined
  const shown = new WatchScreen(theme)
  const size = () => ({ columns: job.terminal.width, lines: process.stdout.rows || DEFAULT_LINES })
  let totals = NO_TOTALS
  let rounds = 0
  const draw = async (report: SocketReport, context: TextContext, atMs: number) => {
    const listed = [...listing.table(report, context)].join('')
    const text = shown.text({ atMs, sockets: report.sockets.length, totals }, listed, size())
    await writeOut([screen!.draw(text, size().lines)])
  }
  try {
    const looks = watchSockets({
      intervalMs: request.intervalMs,
      look: () => listing.look(),
      closings,
      selection: request.sockets.selection,
      tables: new Set(request.sockets.tables),
      filter: request.sockets.filter,
      columns: comparedColumns(request.columns, userHz),
      signal: stop.signal,
    })
    for await (const step of looks) {
      rounds += 1
      if ('first' in step) {
        const context = await listing.contextOf(step.first)
        if (flags.json)
          await writeOut([documentLine('sockets', socketsDocument(originOf(source), step.first, userHz), job.warnings)])
        else if (screen === undefined) await writeOut(listing.table(step.first, context))
        else await draw(step.first, context, Date.now())
        continue
      }
      const { round, report } = step
      totals = addedTotals(totals, round)
      if (flags.json) {
        await writeOut(changeJsonLines(round, userHz))
        continue
      }
      const context = await listing.contextOf(report)
      const lines = changeLines(round, context, {
        theme,
        width: screen === undefined || flags.wide ? Infinity : job.terminal.width,
        owners: flags.programs,
        fullTime: screen === undefined,
      })
      if (screen === undefined) await writeOut([lines])
      else {
        shown.add(lines)
        await draw(report, context, round.atMs)
      }
    }
  } finally {
    stop.done()
    if (screen !== undefined) await writeOut([screen.leave()])
  }
  if (flags.json) await writeOut([changesSummaryLine(rounds, totals, closings !== undefined, job.warnings)])
  else await writeOut([`${totalsText(totals)}\n`])
}

/** The kernel's stream of ends in the namespace that is watched; a remark where there is none. */
async function openEnds(job: JobContext, { flags, request }: WatchedListing): Promise<Closings | undefined> {
  const isElsewhere = flags['all-netns'] || flags.netns !== undefined
  const ends = await openEndsOf(request.sockets.tables, isElsewhere)
  if (typeof ends !== 'string') return ends
  job.remark(endsUntold(ends))
  return undefined
}

function comparedColumns(columns: readonly SocketColumnName[] | undefined, userHz: number) {
  const names = columns?.filter(name => !RESTLESS.has(name)) ?? []
  if (names.length === 0) return undefined
  const context: TextContext = {
    names: { host: () => undefined, service: () => undefined, user: () => undefined },
    userHz,
  }
  const cells: SocketColumn[] = names.map(name => SOCKET_COLUMNS[name])
  return (socket: Socket) => cells.map(cell => cell.text(socket, context)).join('\t')
}
