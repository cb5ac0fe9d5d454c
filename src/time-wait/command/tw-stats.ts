import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import { namedNamespace, type ChosenNamespace } from '../../namespaces/named-namespace.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { writeOut } from '../../cli/write-out.ts'
import { EXIT } from '../../errors.ts'
import { libcToEnter } from '../../namespaces/libc-to-enter.ts'
import { asksHosts, hostFlags, type HostFlags } from '../../fleet/command/index.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import { withDumps } from '../../sockets/index.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { TimeWaitReport } from '../model.ts'
import { readReport } from '../read/read-report.ts'
import { timeWaitReport } from '../rules/report.ts'
import { explainedText } from '../show/explained.ts'
import { timeWaitDocument, timeWaitJson, timeWaitNamespacesDocument } from '../show/json.ts'
import { Session } from '../show/session.ts'
import { watchTimeWait } from '../watch.ts'
import { stateOf, tupleName } from '../words.ts'
import { metConditions, refuseOtherModes, requestOf, twStatsFlags, type Request } from './flags.ts'
import { EXAMPLES, EXIT_CODES, FIELDS, OVERHEAD } from './help.ts'

/** Of a terminal that does not say how many it has. */
const DEFAULT_LINES = 24
/** Lines of a screen that are not rows of the table: the clock, the verdict, the sums, what -v adds. */
const LINES_AROUND = 14
const DEFAULT_TRACE_S = 10
const DEFAULT_WATCH_S = 1
const DEFAULT_TOP = 10

/** No more rows than the terminal has lines for, unless told how many. */
function fitting(request: Request): Request {
  const lines = process.stdout.rows || DEFAULT_LINES
  return { ...request, top: request.top ?? Math.max(1, Math.min(DEFAULT_TOP, lines - LINES_AROUND)) }
}

export default class TwStats extends BaseCommand {
  static override summary = 'TIME_WAIT: is it a problem, who causes it, when do local ports run out, what helps'
  static override examples = EXAMPLES
  static override strict = false
  static override usage =
    '[--who [SECONDS] | --watch [SECONDS] | --all-netns] [FILTER] [--netns WHICH] [--by KEY] [--json] [--from PATH | --host HOSTS]'
  static override completions = {
    'what-if': { words: ['range=', 'reuse=', 'sources=', 'pool='], several: true },
  } as const
  static override flags = { ...twStatsFlags, ...hostFlags, ...sourceFlags }
  static fields = FIELDS
  static overhead = OVERHEAD
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    const { flags, argv } = await this.readArguments(TwStats)
    refuseOtherModes(flags)
    if (flags.explain) return writeOut([explainedText(this.terminal.width)])
    const request = requestOf(flags, argv)
    for (const warning of request.report.filter?.warnings ?? []) this.remark(warning)
    const isOfOne = flags['all-netns'] || flags.netns !== undefined
    if (asksHosts(flags) && !isOfOne) return this.#hosts(flags, request)
    const opened = await withDumps(asksHosts(flags) ? await this.#onlyHost(flags) : await this.openSource(flags))
    const chosen = flags.netns === undefined ? undefined : await this.#chosen(opened, flags.netns)
    const source = chosen?.inside ?? opened
    if (flags.watch) return this.#watch(source, request)
    if (flags['all-netns']) return this.#everyNamespace(source, request)
    const report = flags.who ? await this.#who(source, request) : await readReport(source, request.report)
    for (const warning of report.warnings) this.remark(warning)
    await this.emit({
      document: () => timeWaitDocument(originOf(source), report, request.top, chosen?.namespace),
      text: async () => [await this.#text(report, request)],
    })
    this.#judge(source, [report], request)
  }

  /** A report for each host. */
  async #hosts(flags: HostFlags, request: Request): Promise<void> {
    const { hostsOf, judgeFleet } = await import('../../fleet/index.ts')
    const [{ reportsOfHosts }, { fleetTimeWaitDocument }] = await Promise.all([
      import('./hosts.ts'),
      import('../show/fleet-json.ts'),
    ])
    const choice = hostsOf(flags, this.config.version)!
    const { hosts, fleet } = await reportsOfHosts(choice, request, warning => this.remark(warning))
    await this.emit({
      document: () =>
        fleetTimeWaitDocument(
          { host: undefined, takenAt: new Date().toISOString(), source: 'ssh' },
          hosts,
          request.top,
        ),
      text: async () => {
        const { hostsText } = await import('../show/text.ts')
        const answered = hosts.flatMap(one => ('report' in one ? [{ host: one.host.host, report: one.report }] : []))
        return [hostsText(answered, this.#textOptions(request))]
      },
    })
    for (const one of hosts) if ('report' in one) this.#judge({ label: one.host.host }, [one.report], request)
    judgeFleet(fleet)
  }

  async #onlyHost(flags: HostFlags): Promise<ProcSource> {
    const { askOne, hostsOf, onlyHost } = await import('../../fleet/index.ts')
    const choice = hostsOf(flags, this.config.version)!
    return askOne(choice, onlyHost(choice, 'a network namespace'), warning => this.remark(warning))
  }

  /** The namespace that `--netns` names. */
  async #chosen(source: ProcSource, netns: string): Promise<ChosenNamespace> {
    const chosen = await namedNamespace(source, netns, await libcToEnter(source))
    if (!this.common.json && chosen.remark !== undefined) this.say(chosen.remark)
    return chosen
  }

  async #who(source: ProcSource, { seconds = DEFAULT_TRACE_S, report }: Request): Promise<TimeWaitReport> {
    const { traceWhoClosed } = await import('../who/trace-who-closed.ts')
    const ending = untilSignal()
    const { snapshot, who } = await traceWhoClosed(source, seconds, ending.signal)
    ending.done()
    return timeWaitReport(snapshot, { ...report, who })
  }

  async #everyNamespace(source: ProcSource, request: Request): Promise<void> {
    const { namespaceReports } = await import('../read/network-namespaces.ts')
    const { busy, quiet, warnings } = namespaceReports(source, request.report, await libcToEnter(source))
    for (const warning of warnings) this.remark(warning)
    await this.emit({
      document: () => timeWaitNamespacesDocument(originOf(source), { busy, quiet }, request.top),
      text: async () => {
        const { namespacesText } = await import('../show/text.ts')
        return [namespacesText(busy, quiet, this.#textOptions(request))]
      },
    })
    const reports = busy.map(({ report }) => report)
    this.#judge(source, reports, request)
  }

  async #watch(source: ProcSource, request: Request): Promise<void> {
    const { seconds = DEFAULT_WATCH_S, top } = request
    const ending = untilSignal()
    const later: Warning[] = []
    const form = this.common.json ? 'json' : this.terminal.interactive ? 'screen' : 'lines'
    const session = new Session(form, this.warnings)
    try {
      for await (const { report, ...counts } of watchTimeWait(source, seconds * 1000, ending.signal, request.report)) {
        // On a screen they would scroll away; the summary comes after it.
        if (session.ticks === 0)
          for (const warning of report?.warnings ?? [])
            if (form === 'screen') later.push(warning)
            else this.remark(warning)
        const text = report && form === 'screen' ? await this.#text(report, fitting(request)) : undefined
        const json = report && form === 'json' ? timeWaitJson(report, top) : undefined
        const size = { columns: this.terminal.width, lines: process.stdout.rows || DEFAULT_LINES }
        await writeOut([session.tick(counts, text, json && { ...json.lists, ...json.facts }, size)])
        if (report !== undefined && metConditions(request.failOn, [report], source.label).length > 0) {
          await writeOut([session.leave()])
          this.#judge(source, [report], request)
          break
        }
      }
    } finally {
      ending.done()
      await writeOut([session.leave()])
    }
    for (const warning of later) this.remark(warning)
    await writeOut([session.summary()])
  }

  async #text(report: TimeWaitReport, request: Request): Promise<string> {
    const { timeWaitText } = await import('../show/text.ts')
    return timeWaitText(report, this.#textOptions(request))
  }

  #textOptions({ top = DEFAULT_TOP, verbose }: Request) {
    const { color, interactive, width } = this.terminal
    return { theme: createTheme(color), borders: interactive, width, top, verbose }
  }

  /** Answers --fail-on. */
  #judge(source: { label: string }, reports: readonly TimeWaitReport[], { failOn }: Request): boolean {
    const met = metConditions(failOn, reports, source.label)
    for (const { condition, tuple } of met)
      this.say(`--fail-on ${condition.text} is met by ${tupleName(tuple)}: ${stateOf(tuple)}`)
    if (met.length > 0) process.exitCode = EXIT.no
    return met.length > 0
  }
}
