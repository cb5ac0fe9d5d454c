import { setTimeout as sleep } from 'node:timers/promises'
import { originOf } from '../../../cli/base-command.ts'
import { untilSignal } from '../../../cli/until-signal.ts'
import { EXIT } from '../../../errors.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { printFilter } from '../../filter/language/print-filter.ts'
import type { SocketFilter } from '../../filter/socket-filter.ts'
import { insteadOf } from '../../group/instead.ts'
import { socketLine } from '../../group/show/socket-line.ts'
import { waitDocument, type WaitResult } from '../../group/show/wait-document.ts'
import type { Socket, SocketReport, TableName } from '../../model.ts'
import type { SocketRequest } from '../../plan.ts'
import { prepareFilter } from '../../prepare-filter.ts'
import { tableChoiceOf, type NetstatFlags } from '../flags.ts'
import { filterRequest, tablesOf, type FilterRequest } from '../../filter/filter-request.ts'
import type { ReadSockets, ScriptJob } from './script-job.ts'

const DEFAULT_TIMEOUT_MS = 30_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 250
const GROWTH = 1.3
/** A look takes at most one part of so many of the time. */
const SHARE = 10

export interface WaitRequest {
  /** A filter, or a port. */
  text: string
  until: 'there' | 'gone'
  timeoutMs: number | undefined
  /** It has to stay so for this long. */
  forMs: number | undefined
  /** Tables of the letters, and whether some letter chose them. */
  tables: readonly TableName[]
  chosen: boolean
}

/** What --wait or --wait-gone waits for, among these tables. */
export function waitOf(flags: NetstatFlags, tables: readonly TableName[]): WaitRequest {
  return {
    text: flags.wait ?? flags['wait-gone']!,
    until: flags.wait === undefined ? 'gone' : 'there',
    timeoutMs: flags.timeout,
    forMs: flags.for,
    tables,
    chosen: Object.values(tableChoiceOf(flags)).includes(true),
  }
}

/** `--wait`, `--wait-gone`: looks until sockets are so, and never connects. */
export async function waitForSockets(
  job: ScriptJob,
  source: ProcSource,
  read: ReadSockets,
  wanted: WaitRequest,
): Promise<void> {
  const asked = filterOf(wanted)
  for (const warning of asked.warnings) job.remark(warning)
  const filter = await prepareFilter(source, asked)
  const ending = untilSignal()
  const result = await lookUntil(read, requestOf(asked, filter, wanted), wanted, ending.signal)
  ending.done()
  if (ending.signal.aborted) return
  const { met, looks, waitedMs, report } = result
  const answer: WaitResult = {
    until: wanted.until,
    filter: printFilter(asked.tree),
    met,
    looks,
    waitedMs,
    sockets: report.sockets,
    unknown: report.filtered?.unknown ?? 0,
    instead: met || result.soForMs !== undefined ? [] : remaining(source, read, wanted, filter, result),
  }
  if (!met) process.exitCode = EXIT.no
  await job.emit({
    document: () => waitDocument(originOf(source), answer, source.meta.userHz ?? 100),
    text: () => (met ? answer.sockets.map(socket => `${socketLine(socket)}\n`) : []),
  })
  if (!met) job.say(notMetText(wanted, answer))
}

const PORT = /^\s*:?(\d{1,5})\s*$/

/** A port is one that is listened on, or where TCP is not asked for, one that a socket without a peer has. */
function filterOf({ text, tables, chosen }: WaitRequest): FilterRequest {
  const port = PORT.exec(text)?.[1]
  if (port === undefined) return filterRequest([text], tables)
  const ofPort = chosen ? tables : (['tcp', 'tcp6'] as const)
  const states = ofPort.some(table => table.startsWith('tcp')) ? ['listening'] : []
  if (ofPort.some(table => !table.startsWith('tcp'))) states.push('unconnected')
  return filterRequest(['state', states.join(','), 'sport', '=', port], ofPort)
}

function requestOf(asked: FilterRequest, filter: SocketFilter, { tables }: WaitRequest): SocketRequest {
  const { needs } = asked
  return {
    tables: tablesOf(asked, tables),
    selection: { all: true, listening: false, ports: [] },
    owners: needs.owners,
    facts: needs.tcpInfo ? 'tcp-info' : needs.kernel ? 'plain' : undefined,
    skipDetails: !needs.details,
    skipReferences: true,
    ...(needs.bound && { bound: true }),
    skipOwnerlessReasons: !needs.reasons,
    filter,
  }
}

interface Looked {
  met: boolean
  looks: number
  waitedMs: number
  /** How long it had been so when the time was over. */
  soForMs: number | undefined
  report: SocketReport
}

async function lookUntil(
  read: ReadSockets,
  request: SocketRequest,
  { until, timeoutMs = DEFAULT_TIMEOUT_MS, forMs = 0 }: WaitRequest,
  signal: AbortSignal,
): Promise<Looked> {
  const startedAt = performance.now()
  let pause = FIRST_PAUSE_MS
  let soSince: number | undefined
  for (let looks = 1; ; looks += 1) {
    const lookedAt = performance.now()
    const { report } = read(request)
    const { sockets, filtered } = report
    // What is not known is neither there nor gone.
    const isSo = until === 'there' ? sockets.length > 0 : sockets.length === 0 && !filtered?.unknown
    soSince = isSo ? (soSince ?? lookedAt) : undefined
    const now = performance.now()
    const soForMs = soSince === undefined ? undefined : lookedAt - soSince
    const result = { looks, waitedMs: now - startedAt, soForMs, report }
    if (soForMs !== undefined && soForMs >= forMs) return { ...result, met: true }
    const left = startedAt + timeoutMs - now
    if (left <= 0 || signal.aborted) return { ...result, met: false }
    const wanted = Math.max(pause, (now - lookedAt) * (SHARE - 1))
    await sleep(Math.min(wanted, left), undefined, { signal }).catch(() => {})
    pause = Math.min(pause * GROWTH, LONGEST_PAUSE_MS)
  }
}

/** What there is instead: a look at everything, with owners. */
function remaining(
  source: ProcSource,
  read: ReadSockets,
  { until, tables }: WaitRequest,
  filter: SocketFilter,
  { report }: Looked,
): string[] {
  const whole: SocketRequest = {
    tables,
    selection: { all: true, listening: false, ports: [] },
    owners: 'name',
    facts: source.dumpSockets && 'plain',
    bound: true,
    skipDetails: true,
    skipOwnerlessReasons: true,
  }
  if (until === 'there') return insteadOf(filter.tree, read(whole).report.sockets, filter.context)
  const held = report.sockets.length === 0 ? [] : read({ ...whole, filter }).report.sockets
  return still(held.length > 0 ? held : report.sockets)
}

const MOST_NAMED = 5

function still(sockets: readonly Socket[]): string[] {
  const rest = sockets.length - MOST_NAMED
  const named = sockets.slice(0, MOST_NAMED).map(socket => `still there: ${socketLine(socket)}`)
  return rest > 0 ? [...named, `and ${rest} more`] : named
}

function notMetText({ text, until, forMs }: WaitRequest, { waitedMs, instead, unknown, sockets }: WaitResult): string {
  const port = PORT.exec(text)?.[1]
  const isSo = until === 'there' ? sockets.length > 0 : sockets.length === 0 && unknown === 0
  const lasting = isSo && forMs !== undefined ? ` for ${forMs / 1000} s` : ''
  const failed =
    port === undefined
      ? `${until === 'there' ? 'no socket is' : 'a socket is still'} '${text}'`
      : `port ${port} is ${until === 'there' ? 'not' : 'still'} listened on`
  const notKnown = unknown > 0 ? [`of ${unknown} socket${unknown === 1 ? '' : 's'} it is not known`] : []
  const found = [...instead, ...notKnown].join('; ')
  return `${failed}${lasting} after ${(waitedMs / 1000).toFixed(1)} s${found === '' ? '' : `: ${found}`}`
}
