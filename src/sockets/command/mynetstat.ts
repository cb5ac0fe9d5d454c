import { setTimeout as sleep } from 'node:timers/promises'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import { helpWidth } from '../../cli/help.ts'
import { withFullNames } from '../../cli/long-options.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { writeOut } from '../../cli/write-out.ts'
import { EXIT } from '../../errors.ts'
import type { Endianness, ProcSource } from '../../proc/proc-source.ts'
import { documentLine } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import { createTheme } from '../../terminal/theme.ts'
import { withDumps } from '../diag/with-dumps.ts'
import type { Socket, SocketReport } from '../model.ts'
import type { SocketRequest } from '../plan.ts'
import { nameResolver } from '../names/resolve-names.ts'
import { collectSockets } from '../read.ts'
import type { TextContext } from '../show/cell-text.ts'
import { sortSockets } from '../show/columns.ts'
import { compatLines } from '../show/compat.ts'
import { socketsDocument, socketsSummaryLine } from '../show/document.ts'
import { lacksSctp, limitRemarks, netstatRemarks } from '../show/remarks.ts'
import { namespaceSections } from '../show/namespace-sections.ts'
import { chosenColumns, socketTable } from '../show/table.ts'
import type { ReadNamespaces } from './namespaces.ts'
import type { FailOnJson } from '../group/show/fail-on-json.ts'
import { columnsHelp } from './columns-help.ts'
import { netstatFlags, type NetstatFlags } from './flags.ts'
import type { ReadSockets, ScriptJob } from './jobs/script-job.ts'
import { SCRIPT_VALUES } from './options/script-flags.ts'
import { healthFlags, refuseBesideHealth } from './health-flags.ts'
import { EXAMPLES, EXIT_CODES, FIELDS, FILTER, MORE_FIELDS } from './help.ts'
import type { JobContext } from './jobs/job.ts'
import { NETSTAT_OPTIONS } from './options/netstat-options.ts'
import { exposureFlags, publishedFlags, refuseBesideExposure, refuseBesidePublished } from './firewall-flags.ts'
import { netstatRequest, type NetstatRequest } from './request.ts'
import { timesGiven, viewOf } from './views-flags.ts'

const WITH_VALUE: ReadonlySet<string> = new Set([
  'protocol',
  'columns',
  'sort',
  'duration',
  'before',
  'from',
  'endian',
  'color',
  'netns',
  ...SCRIPT_VALUES,
])

export default class Mynetstat extends BaseCommand {
  static override summary = 'which sockets exist and who owns them'
  static override examples = EXAMPLES
  static override strict = false
  static override flags = { ...netstatFlags, ...healthFlags, ...publishedFlags, ...exposureFlags, ...sourceFlags }
  static override usage =
    '[-antlpuxeo…] [:PORT… | FILTER] [--all-netns | --netns WHICH] [-c [SECONDS]] [--json] [--from PATH]'

  static filter = FILTER
  static fields = FIELDS
  static moreFields = MORE_FIELDS
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    const known = { ...Mynetstat.flags, ...Mynetstat.baseFlags }
    this.argv = withFullNames(this.argv, known, WITH_VALUE, NETSTAT_OPTIONS)
    const { flags, argv } = await this.readArguments(Mynetstat)
    if (flags.columns === 'help') return writeOut([columnsHelp(helpWidth(process.stdout, process.env))])
    const view = viewOf(flags)
    if (view !== undefined) {
      const { runView } = await import('./jobs/view.ts')
      return runView(view, this.#job(flags), flags, argv, timesGiven(this.argv, 'e', 'extend'))
    }
    if (flags.pipes) {
      const { runPipes } = await import('./jobs/pipes.ts')
      return runPipes(this.#job(flags), flags, argv)
    }
    refuseBesideHealth(flags, argv)
    if (flags.health) {
      const { runHealth } = await import('./jobs/health.ts')
      return runHealth(this.#job(flags), flags)
    }
    refuseBesidePublished(flags)
    refuseBesideExposure(flags)
    if (flags.exposure) {
      const { runExposure } = await import('./jobs/exposure.ts')
      return runExposure(this.#job(flags), flags, argv)
    }
    if (flags.published) {
      const { runPublished } = await import('./jobs/published.ts')
      return runPublished(this.#job(flags), flags, argv)
    }
    const request = netstatRequest(flags, argv)
    const opened = await this.openSource(flags)
    const namespaces = await this.#namespaces(opened, flags)
    const source = asksKernel(request.sockets) || judgesSockets(flags) ? await withDumps(opened) : opened
    const read: ReadSockets = sockets =>
      namespaces?.(sockets) ?? { report: collectSockets(source, sockets), warnings: [] }
    if (flags.wait !== undefined || flags['wait-gone'] !== undefined) {
      const { waitForSockets, waitOf } = await import('./jobs/wait.ts')
      return waitForSockets(this.#script, source, read, waitOf(flags, request.listed))
    }
    const stop = flags.continuous ? untilSignal().signal : undefined
    if (request.looksLikePort) {
      const seconds = request.intervalMs / 1000
      this.remark({
        code: 'seconds-not-port',
        message: `again every ${seconds} seconds`,
        hint: `a port is written :${seconds}`,
      })
    }
    if (request.filter !== undefined) {
      for (const warning of request.filter.warnings) this.remark(warning)
      const { prepareFilter } = await import('./operands/filter-context.ts')
      request.sockets.filter = await prepareFilter(source, request.filter)
    }
    const conditions = flags['fail-on']
    const failOn =
      conditions &&
      (await (await import('./jobs/fail-on.ts')).judgeSockets(this.#script, source, read, conditions, request))
    const addPeers = request.peers ? await (await import('./jobs/add-peers.ts')).peerFinder(opened) : undefined
    const resolve = nameResolver(source, request.names)
    let ofSearch: readonly Warning[] = []
    const look = (): SocketReport => {
      const { report, warnings } = read(request.sockets)
      ofSearch = warnings
      return report
    }
    const contextOf = async (report: SocketReport): Promise<TextContext> => {
      if (addPeers !== undefined) ofSearch = [...ofSearch, ...(await addPeers(report.sockets, request.sockets))]
      if (request.published) {
        const { addPublished } = await import('./jobs/add-published.ts')
        ofSearch = [...ofSearch, ...(await addPublished(source, report, request.sockets))]
      }
      const { names, unanswered } = await resolve(report.sockets)
      const context = { names, userHz: source.meta.userHz ?? 100, cgroups: await this.#cgroups(source, request) }
      if (request.sort)
        report.sockets = sortSockets(report.sockets, request.sort.name, request.sort.descending, context)
      if (!flags.compat) this.#remarkLimits(source, report, request, unanswered, ofSearch)
      return context
    }
    if (flags.watch) {
      const table = (report: SocketReport, context: TextContext) => this.#table(report, flags, request, context)
      const { runWatch } = await import('./jobs/watch.ts')
      return runWatch(this.#job(flags), { flags, source, request, look, contextOf, table })
    }
    for (let round = 1; ; round += 1) {
      const report = look()
      const context = await contextOf(report)
      if (flags.compat) await this.#writeAsNetstat(source, report, flags, request, context)
      else {
        await this.#writeReport(source, report, flags, request, context, failOn?.json)
        failOn?.say()
      }
      if (stop === undefined) return
      await sleep(request.intervalMs, undefined, { signal: stop }).catch(() => {})
      if (!stop.aborted) continue
      if (flags.json) await writeOut([socketsSummaryLine(round, this.warnings)])
      return
    }
  }

  /** What a job that is no listing takes from this command. */
  #job({ endian, netns }: { endian?: Endianness | undefined; netns?: string | undefined }): JobContext {
    return {
      terminal: this.terminal,
      openSource: async from => {
        const source = await this.openSource({ from, endian })
        if (netns === undefined) return source
        const { openNamespace } = await import('./namespaces.ts')
        const { remark, inside } = await openNamespace(source, netns)
        this.#sayNamespace(remark)
        return inside
      },
      emit: report => this.emit(report),
      remark: warning => this.remark(warning),
      warnings: this.warnings,
    }
  }

  async #writeReport(
    source: ProcSource,
    report: SocketReport,
    flags: NetstatFlags,
    request: NetstatRequest,
    context: TextContext,
    failOn: FailOnJson[] | undefined,
  ): Promise<void> {
    const document = () => socketsDocument(originOf(source), report, context.userHz, failOn)
    if (this.common.json && flags.continuous) return writeOut([documentLine('sockets', document(), this.warnings)])
    const { groupBy, display } = request
    if (groupBy !== undefined || flags.summary) {
      const { countedReport } = await import('./jobs/group-by.ts')
      const theme = createTheme(this.terminal.color)
      const width = flags.wide ? Infinity : this.terminal.width
      const counting = { header: display.header, width, theme, user: context.names.user, failOn, top: flags.top }
      return this.emit(countedReport(source, report, { ...counting, keys: groupBy }))
    }
    return this.emit({ document, text: () => this.#table(report, flags, request, context) })
  }

  #table(
    report: SocketReport,
    { wide, 'all-netns': allNamespaces }: NetstatFlags,
    { columns, display }: NetstatRequest,
    context: TextContext,
  ): Iterable<string> {
    const theme = createTheme(this.terminal.color)
    const layout = { color: theme.enabled, width: wide ? Infinity : this.terminal.width }
    const table = (sockets: readonly Socket[]) =>
      columns
        ? chosenColumns(sockets, columns, display, context, theme, layout)
        : socketTable(sockets, { ...display, published: isPublishing(report) }, context, theme, layout)
    return allNamespaces && display.header && !columns?.includes('netns')
      ? namespaceSections(report, table, theme, layout.width)
      : table(report.sockets)
  }

  /** What a job for scripts takes from this command besides. */
  get #script(): ScriptJob {
    return {
      json: this.common.json,
      warnings: this.warnings,
      emit: report => this.emit(report),
      remark: warning => this.remark(warning),
      say: text => this.say(text),
    }
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

  /** Only where they are shown: there may be thousands. */
  async #cgroups(source: ProcSource, { columns, sort }: NetstatRequest) {
    if (sort?.name !== 'cgroup' && !columns?.includes('cgroup')) return undefined
    const { cgroupPaths } = await import('../names/cgroup-paths.ts')
    return cgroupPaths(source)
  }

  /** Reads other network namespaces than the one it runs in, where they were asked for. */
  async #namespaces(
    source: ProcSource,
    { 'all-netns': all, netns, json }: NetstatFlags & { json?: boolean | undefined },
  ): Promise<ReadNamespaces | undefined> {
    if (!all && netns === undefined) return undefined
    const { everyNamespace, oneNamespace } = await import('./namespaces.ts')
    if (netns === undefined) return everyNamespace(source, json === true)
    const { remark, read } = await oneNamespace(source, netns)
    this.#sayNamespace(remark)
    return read
  }

  /** Which namespace was meant by a word that is not its name. */
  #sayNamespace(remark: string | undefined): void {
    if (!this.common.json && remark !== undefined) this.say(remark)
  }

  #remarkLimits(
    source: ProcSource,
    report: SocketReport,
    { askedTables }: NetstatRequest,
    unanswered: number,
    ofSearch: readonly Warning[],
  ): void {
    const warnings = [...ofSearch, ...limitRemarks(source, report, askedTables)]
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

/** --wait and --fail-on ask for what their own filters need. */
const judgesSockets = (flags: NetstatFlags) =>
  [flags.wait, flags['wait-gone'], flags['fail-on']].some(value => value !== undefined)

const isPublishing = ({ sockets }: SocketReport) => sockets.some(({ publishing }) => publishing !== undefined)

/** Whether the kernel is asked: what netstat prints comes from /proc, and of other families it has little to add. */
function asksKernel({ tables, singleRead, facts }: SocketRequest): boolean {
  return !singleRead && (facts !== undefined || tables.some(table => /^(?:(?:mp)?tcp|udp)/.test(table)))
}
