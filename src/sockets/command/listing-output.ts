import { originOf } from '../../cli/base-command.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { writeOut } from '../../cli/write-out.ts'
import { EXIT } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { documentLine } from '../../terminal/json.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { FailOnJson } from '../group/show/fail-on-json.ts'
import type { Socket, SocketReport } from '../model.ts'
import type { TextContext } from '../show/cell-text.ts'
import { compatLines } from '../show/compat.ts'
import { socketsDocument } from '../show/document.ts'
import { namespaceSections } from '../show/namespace-sections.ts'
import { lacksSctp, netstatRemarks } from '../show/remarks.ts'
import { chosenColumns, socketTable } from '../show/table.ts'
import type { NetstatFlags } from './flags.ts'
import type { CommandContext } from './jobs/job.ts'
import type { NetstatRequest } from './request.ts'

interface ShownListing {
  report: SocketReport
  flags: NetstatFlags
  request: NetstatRequest
  /** Names and units for the text. */
  shown: TextContext
  failOn: FailOnJson[] | undefined
}

/** Writes a listing, or what is counted of it, as text or JSON. */
export async function writeListing(
  context: CommandContext,
  source: ProcSource,
  { report, flags, request, shown, failOn }: ShownListing,
): Promise<void> {
  const document = () => socketsDocument(originOf(source), report, shown.userHz, failOn)
  if (context.json && flags.continuous) return writeOut([documentLine('sockets', document(), context.warnings)])
  const { groupBy, display } = request
  if (groupBy !== undefined || flags.summary) {
    const { countedReport } = await import('./jobs/group-by.ts')
    const theme = createTheme(context.terminal.color)
    const width = flags.wide ? Infinity : context.terminal.width
    const counting = { header: display.header, width, theme, user: shown.names.user, failOn, top: flags.top }
    return context.emit(countedReport(source, report, { ...counting, keys: groupBy }))
  }
  return context.emit({ document, text: () => listingText(context.terminal, report, flags, request, shown) })
}

/** The table of a listing, with --all-netns in a section for each namespace. */
export function listingText(
  { color, width }: Terminal,
  report: SocketReport,
  { wide, 'all-netns': allNamespaces }: NetstatFlags,
  { columns, display }: NetstatRequest,
  shown: TextContext,
): Iterable<string> {
  const theme = createTheme(color)
  const layout = { color: theme.enabled, width: wide ? Infinity : width }
  const table = (sockets: readonly Socket[]) =>
    columns
      ? chosenColumns(sockets, columns, display, shown, theme, layout)
      : socketTable(sockets, { ...display, published: isPublishing(report) }, shown, theme, layout)
  return allNamespaces && display.header && !columns?.includes('netns')
    ? namespaceSections(report, table, theme, layout.width)
    : table(report.sockets)
}

/** Writes what netstat would. */
export async function writeAsNetstat(
  source: ProcSource,
  report: SocketReport,
  flags: NetstatFlags,
  { display, names }: NetstatRequest,
  shown: TextContext,
): Promise<void> {
  process.stderr.write(netstatRemarks(source, report, { ...flags, unix: display.sections.unix }))
  if (flags.sctp && lacksSctp(report.tables)) process.exitCode = EXIT.no
  const options = { ...display, ...shown, wide: flags.wide, numericHosts: !names.hosts }
  await writeOut(compatLines(report.sockets, options), 'latin1')
}

const isPublishing = ({ sockets }: SocketReport) => sockets.some(({ publishing }) => publishing !== undefined)
