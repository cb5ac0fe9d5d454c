import { SORTS, sortKey } from '../rules/views.ts'
import { profileSince } from '../rules/profile-since.ts'
import { syscallReport, type ReportRequest } from '../rules/report.ts'
import { parseThreshold } from '../rules/thresholds.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { COLUMN_WORDS, liveOptions, tableColumns, type TraceFlags } from './options.ts'
import { traceFlags } from './flags.ts'
import { CONDITIONS, EXAMPLES, EXIT_CODES, FIELDS, OVERHEAD } from './help.ts'
import { readProfileWithProgress } from './read-progress.ts'
import { checkWritable } from '../../files/output-file.ts'
import { EXIT, UsageError } from '../../errors.ts'
import type { SyscallReport } from '../model.ts'
import type { SyscallProfile } from '../profile.ts'
import { profileRemarks } from '../show/remarks.ts'
import { profileDocument, reportDocument } from '../show/document.ts'
import { foldedProfile } from '../show/folded.ts'
import { intervalTitle } from '../show/interval-title.ts'
import { reportLines } from '../show/report-text.ts'
import { terminalOf } from '../../cli/terminal.ts'
import { createTheme } from '../../terminal/theme.ts'

/** What one interval can be shown as. */
const INTERVAL_VIEW = { group: 'syscall', tree: false, slowest: undefined } as const

export default class TraceSyscalls extends BaseCommand {
  static override summary = 'where a process spends its system calls'
  static override usage = '[OPTIONS] [--] COMMAND [ARGUMENT]...'
  static override examples = EXAMPLES
  static override flags = traceFlags
  static override strict = false
  /** Options end at the first word that is none: what follows is the traced command's. */
  static override takesCommand = 'at-operand' as const
  static override completions = {
    sort: { words: Object.keys(SORTS) },
    columns: { words: COLUMN_WORDS, several: true },
  } as const
  static fields = FIELDS
  static conditions = CONDITIONS
  static overhead = OVERHEAD
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    const { flags, argv } = await this.readArguments(TraceSyscalls)
    const request = await this.request(flags)
    if (flags.from !== undefined && argv.length > 0)
      throw new UsageError(`--from reads a recording, so the command ${argv[0]} would not be run`, {
        hint: 'leave one of the two out',
      })
    tableColumns(flags.columns)
    for (const path of [flags.output, flags.record]) if (path !== undefined) checkWritable(path)
    const profile =
      flags.from === undefined ? await this.trace(flags, argv, request) : await this.read(flags.from, flags)
    for (const warning of profileRemarks(profile)) this.remark(warning)
    if (flags.record !== undefined) await this.record(flags.record, profileDocument(profile, sourceOf(flags)))
    const report = syscallReport(profile, request)
    await this.show(flags, argv, report, { type: 'summary', untilNs: profile.meta.durationNs })
    if (report.verdicts.some(verdict => verdict.failed)) process.exitCode = EXIT.no
  }

  private async request(flags: TraceFlags): Promise<ReportRequest> {
    if (flags['fail-on'] !== undefined && flags.diff === undefined)
      throw new UsageError('--fail-on judges a comparison, and there is none', {
        hint: 'give the run before with --diff OLD',
      })
    return {
      group: flags.by,
      sort: sortKey(flags.sort),
      top: flags.top,
      slowest: flags.slowest,
      tree: flags.tree,
      wantsWall: flags.wall,
      thresholds: (flags['fail-on'] ?? []).map(parseThreshold),
      before: flags.diff === undefined ? undefined : await this.read([flags.diff], flags),
    }
  }

  private read(paths: string[], flags: TraceFlags): Promise<SyscallProfile> {
    const keepsAll = this.common.json || flags.record !== undefined
    return readProfileWithProgress(paths, {
      isWallTime: flags.wall,
      files: keepsAll || flags.by === 'file' || flags.by === 'peer',
      threads: keepsAll || flags.by === 'thread' || flags.by === 'process' || flags.tree,
      stacks: flags.folded || flags.record !== undefined,
    })
  }

  private async trace(flags: TraceFlags, argv: string[], request: ReportRequest): Promise<SyscallProfile> {
    let previous: SyscallProfile | undefined
    let shown = Promise.resolve()
    const { traceLive } = await import('../live/trace-live.ts')
    const { profile, status } = await traceLive(liveOptions(flags, argv), {
      interval: current => {
        const since = syscallReport(profileSince(previous, current), { ...request, ...INTERVAL_VIEW })
        previous = current
        shown = shown.then(() => this.show(flags, argv, since, { type: 'interval', untilNs: current.meta.durationNs }))
      },
      remark: warning => this.remark(warning),
      ...(flags.summary && { log: (chunk: Buffer) => process.stderr.write(chunk) }),
    })
    await shown
    process.exitCode = status
    return profile
  }

  /** To FILE of -o; else to stdout, but to stderr beside a command, whose own output stdout is. */
  private show(flags: TraceFlags, argv: string[], report: SyscallReport, of: Part): Promise<void> {
    const { output } = flags
    const isStream = flags.interval !== undefined
    const terminal = terminalOf(argv.length > 0 ? process.stderr : process.stdout, this.common.color, process.env)
    return this.emit(
      {
        document: () => reportDocument(report, sourceOf(flags)),
        text: () =>
          flags.folded
            ? foldedProfile(report.profile)
            : reportLines(report, {
                theme: createTheme(terminal.color && output === undefined),
                width: output === undefined ? terminal.width : Infinity,
                columns: tableColumns(flags.columns),
                brief: flags.quiet || of.type === 'interval',
                title: isStream ? intervalTitle(report.profile.meta, of) : undefined,
              }),
        type: isStream ? of.type : undefined,
      },
      output !== undefined ? { file: output, append: isStream } : argv.length > 0 ? 'stderr' : 'stdout',
    )
  }
}

/** What of a run a table is about. */
interface Part {
  type: 'interval' | 'summary'
  /** Since the beginning of the run. */
  untilNs: number | undefined
}

function sourceOf(flags: TraceFlags): string {
  return flags.from?.join(' ') ?? 'live'
}
