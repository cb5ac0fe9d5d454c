import { setTimeout as sleep } from 'node:timers/promises'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import { withFullNames } from '../../cli/long-options.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { writeOut } from '../../cli/write-out.ts'
import { EXIT } from '../../errors.ts'
import type { Endianness, ProcSource } from '../../proc/proc-source.ts'
import { documentLine } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import { createTheme } from '../../terminal/theme.ts'
import { hasManySockets, withDumps } from '../diag/with-dumps.ts'
import type { SocketReport } from '../model.ts'
import type { SocketRequest } from '../plan.ts'
import { nameResolver } from '../names/resolve-names.ts'
import { collectSockets } from '../read.ts'
import type { TextContext } from '../show/cell-text.ts'
import { sortSockets } from '../show/columns.ts'
import { compatLines } from '../show/compat.ts'
import { socketsDocument, socketsSummaryLine } from '../show/document.ts'
import { lacksSctp, limitRemarks, netstatRemarks } from '../show/remarks.ts'
import { chosenColumns, socketTable } from '../show/table.ts'
import { exposureFlags, refuseBesideExposure } from './exposure-flags.ts'
import { netstatFlags, type NetstatFlags } from './flags.ts'
import { EXAMPLES, EXIT_CODES, FIELDS } from './help.ts'
import type { JobContext } from './jobs/job.ts'
import { publishedFlags, refuseBesidePublished } from './published-flags.ts'
import { netstatRequest, type NetstatRequest } from './request.ts'

const WITH_VALUE: ReadonlySet<string> = new Set(['protocol', 'columns', 'sort', 'from', 'endian', 'color'])

export default class Mynetstat extends BaseCommand {
  static override summary = 'which sockets exist and who owns them'
  static override examples = EXAMPLES
  static override strict = false
  static override flags = { ...netstatFlags, ...publishedFlags, ...exposureFlags, ...sourceFlags }
  static override usage = '[-antlpuxeo…] [:PORT…] [-c [SECONDS]] [--json] [--from PATH]'

  static fields = FIELDS
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    this.argv = withFullNames(this.argv, { ...Mynetstat.flags, ...Mynetstat.baseFlags }, WITH_VALUE)
    const { flags, argv } = await this.readArguments(Mynetstat)
    refuseBesidePublished(flags)
    refuseBesideExposure(flags)
    if (flags.exposure) {
      const { runExposure } = await import('./jobs/exposure.ts')
      return runExposure(this.#job(flags.endian), flags, argv)
    }
    if (flags.published) {
      const { runPublished } = await import('./jobs/published.ts')
      return runPublished(this.#job(flags.endian), flags, argv)
    }
    const request = netstatRequest(flags, argv)
    const opened = await this.openSource(flags)
    const source = asksKernel(opened, request.sockets) ? await withDumps(opened) : opened
    const stop = flags.continuous ? untilSignal().signal : undefined
    if (request.looksLikePort) {
      const seconds = request.intervalMs / 1000
      this.remark({
        code: 'seconds-not-port',
        message: `again every ${seconds} seconds`,
        hint: `a port is written :${seconds}`,
      })
    }
    const resolve = nameResolver(source, request.names)
    for (let round = 1; ; round += 1) {
      const report = collectSockets(source, request.sockets)
      if (request.published) {
        const { addPublished } = await import('./published-listing.ts')
        this.#remarkNew(await addPublished(source, report, request.sockets))
      }
      const { names, unanswered } = await resolve(report.sockets)
      const context = { names, userHz: source.meta.userHz ?? 100 }
      if (request.sort)
        report.sockets = sortSockets(report.sockets, request.sort.name, request.sort.descending, context)
      if (flags.compat) await this.#writeAsNetstat(source, report, flags, request, context)
      else {
        this.#remarkLimits(source, report, request, unanswered)
        await this.#writeReport(source, report, flags, request, context)
      }
      if (stop === undefined) return
      await sleep(request.intervalMs, undefined, { signal: stop }).catch(() => {})
      if (!stop.aborted) continue
      if (flags.json) await writeOut([socketsSummaryLine(round, this.warnings)])
      return
    }
  }

  /** What a job that is no listing takes from this command. */
  #job(endian: Endianness | undefined): JobContext {
    return {
      terminal: this.terminal,
      openSource: from => this.openSource({ from, endian }),
      emit: report => this.emit(report),
      remark: warning => this.remark(warning),
    }
  }

  async #writeReport(
    source: ProcSource,
    report: SocketReport,
    { continuous, wide }: NetstatFlags,
    { columns, display }: NetstatRequest,
    context: TextContext,
  ): Promise<void> {
    const document = () => socketsDocument(originOf(source), report, context.userHz)
    if (this.common.json && continuous) return writeOut([documentLine('sockets', document(), this.warnings)])
    const theme = createTheme(this.terminal.color)
    const layout = { color: theme.enabled, width: wide ? Infinity : this.terminal.width }
    const text = () =>
      columns
        ? chosenColumns(report.sockets, columns, display.header, context, theme, layout)
        : socketTable(report.sockets, { ...display, published: isPublishing(report) }, context, theme, layout)
    return this.emit({ document, text })
  }

  async #writeAsNetstat(
    source: ProcSource,
    report: SocketReport,
    flags: NetstatFlags,
    { display, names }: NetstatRequest,
    context: TextContext,
  ): Promise<void> {
    process.stderr.write(netstatRemarks(source, report, { ...flags, unix: display.sections.unix }))
    if (flags.sctp && lacksSctp(report.tables)) process.exitCode = EXIT.no
    const options = { ...display, ...context, wide: flags.wide, numericHosts: !names.hosts }
    await writeOut(compatLines(report.sockets, options), 'latin1')
  }

  #remarkLimits(source: ProcSource, report: SocketReport, { askedTables }: NetstatRequest, unanswered: number): void {
    const warnings = limitRemarks(source, report, askedTables)
    if (unanswered > 0) {
      warnings.push({
        code: 'names-unresolved',
        message: `${unanswered} addresses were not resolved in time`,
        hint: '-n shows numbers at once',
      })
    }
    this.#remarkNew(warnings)
  }

  /** What holds for every round of -c is said once. */
  #remarkNew(warnings: readonly Warning[]): void {
    const said = new Set(this.warnings.map(({ code }) => code))
    for (const warning of warnings) if (!said.has(warning.code)) this.remark(warning)
  }
}

const isPublishing = ({ sockets }: SocketReport) => sockets.some(({ publishing }) => publishing !== undefined)

/** Whether loading what asks the kernel for its sockets pays: see the figures of diag/README.md. */
function asksKernel(source: ProcSource, request: SocketRequest): boolean {
  const { tables, selection, skipDetails, skipReferences, facts, singleRead } = request
  if (facts !== undefined) return true
  if (singleRead || !(tables.includes('tcp') || tables.includes('tcp6'))) return false
  if (selection.listening && !selection.all) return skipReferences === true
  return skipDetails === true && hasManySockets(source)
}
