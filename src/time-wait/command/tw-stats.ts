import type { ViewRequest } from '../rules/make-view.ts'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import {
  failConditionsOf,
  meetsAny,
  refuseOtherModes,
  secondsOf,
  twStatsFlags,
  whatIfOf,
  type FailCondition,
} from './flags.ts'
import { TW_STATS_EXAMPLES, TW_STATS_EXIT_CODES, TW_STATS_FIELDS, TW_STATS_OVERHEAD } from './help.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { writeOut } from '../../cli/write-out.ts'
import { networkNamespaces } from '../read/network-namespaces.ts'
import { withTcpDump } from '../../sockets/index.ts'
import { answerTimeWait, type TimeWaitAnswer } from '../answer.ts'
import { watchTimeWait } from '../watch.ts'
import { EXIT } from '../../errors.ts'
import { TIME_WAIT_EXPLAINED } from '../show/explained.ts'
import { timeWaitJson } from '../show/json.ts'
import type { TextOptions } from '../show/text.ts'
import { Session } from '../show/session.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

const DEFAULT_TRACE_S = 10
const DEFAULT_WATCH_S = 1
const DEFAULT_TOP = 10

/** What the flags ask for, whatever the mode. */
interface Request {
  view: ViewRequest
  top: number | undefined
  failOn: FailCondition[]
}

export default class TwStats extends BaseCommand {
  static override summary = 'TIME_WAIT: is it a problem, whose is it, when do local ports run out, what helps'
  static override examples = TW_STATS_EXAMPLES
  static override strict = false
  static override usage = '[--who [SECONDS] | --watch [SECONDS] | --all-netns] [--by KEY] [--json] [--from PATH]'
  static override flags = { ...twStatsFlags, ...sourceFlags }
  static fields = TW_STATS_FIELDS
  static overhead = TW_STATS_OVERHEAD
  static exitCodes = TW_STATS_EXIT_CODES

  async run(): Promise<void> {
    const { flags, argv } = await this.readArguments(TwStats)
    if (flags.explain) return writeOut([TIME_WAIT_EXPLAINED])
    refuseOtherModes(flags)
    const seconds = secondsOf(argv, flags)
    const asked = flags['what-if']
    const request: Request = {
      view: { by: flags.by, whatIf: asked === undefined ? undefined : { asked, change: whatIfOf(asked) } },
      top: flags.top,
      failOn: failConditionsOf(flags['fail-on'] ?? []),
    }
    const source = await withTcpDump(await this.openSource(flags))
    if (flags.watch) return this.#watch(source, seconds ?? DEFAULT_WATCH_S, request)
    if (flags['all-netns']) return this.#everyNamespace(source, request)
    const answer = flags.who
      ? await this.#who(source, seconds ?? DEFAULT_TRACE_S, request)
      : answerTimeWait(source, request.view)
    for (const remark of answer.remarks) this.remark(remark)
    await this.emit({
      document: () => {
        const { lists, tail } = timeWaitJson(answer.view, request.top)
        const { unreadable } = answer
        return { what: 'time-wait', origin: originOf(source), lists, facts: tail, unreadable }
      },
      text: async () => [await this.#text(answer, request)],
    })
    this.#judge(source, [answer], request)
  }

  async #who(source: ProcSource, seconds: number, { view }: Request): Promise<TimeWaitAnswer> {
    const { answerWhoClosed } = await import('../who/answer-who-closed.ts')
    const ending = untilSignal()
    const answer = await answerWhoClosed(source, seconds, ending.signal, view)
    ending.done()
    return answer
  }

  async #everyNamespace(source: ProcSource, request: Request): Promise<void> {
    const { busy, quiet, remarks } = networkNamespaces(source, request.view)
    for (const remark of remarks) this.remark(remark)
    await this.emit({
      document: () => {
        const namespaces = busy.map(({ answer, ...names }) => {
          const { lists, tail } = timeWaitJson(answer.view, request.top)
          return { ...names, ...lists, ...tail, unreadable: answer.unreadable }
        })
        return { what: 'time-wait-namespaces', origin: originOf(source), lists: { namespaces }, facts: { quiet } }
      },
      text: async () => {
        const { namespacesText } = await import('../show/text.ts')
        const sections = busy.map(({ answer, ...names }) => ({ ...names, view: answer.view }))
        return [namespacesText(sections, quiet, this.#textOptions(request))]
      },
    })
    this.#judge(
      source,
      busy.map(({ answer }) => answer),
      request,
    )
  }

  async #watch(source: ProcSource, seconds: number, request: Request): Promise<void> {
    const ending = untilSignal()
    const form = this.common.json ? 'json' : this.terminal.interactive ? 'screen' : 'lines'
    const session = new Session(form, this.warnings)
    for await (const tick of watchTimeWait(source, seconds * 1000, ending.signal, request.view)) {
      const { rows, ...counts } = tick
      if (rows !== undefined && session.ticks === 0) for (const remark of rows.remarks) this.remark(remark)
      const text = rows !== undefined && form === 'screen' ? await this.#text(rows, request) : undefined
      const json = rows !== undefined && form === 'json' ? timeWaitJson(rows.view, request.top) : undefined
      await writeOut([session.tick(counts, text, json && { ...json.lists, ...json.tail })])
      if (rows !== undefined && this.#judge(source, [rows], request)) break
    }
    ending.done()
    await writeOut([session.summary()])
  }

  async #text({ view }: TimeWaitAnswer, request: Request): Promise<string> {
    const { timeWaitText } = await import('../show/text.ts')
    return timeWaitText(view, this.#textOptions(request))
  }

  #textOptions(request: Request): TextOptions {
    const { color, interactive, width } = this.terminal
    return { theme: createTheme(color), borders: interactive, width, top: request.top ?? DEFAULT_TOP }
  }

  /** Answers --fail-on. */
  #judge(source: ProcSource, answers: readonly TimeWaitAnswer[], { failOn }: Request): boolean {
    const met = meetsAny(
      failOn,
      answers.flatMap(({ view }) => view.report.tuples),
      source.label,
    )
    if (met) process.exitCode = EXIT.no
    return met
  }
}
