import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { concludeRun, checkFlame } from './conclude.ts'
import { filterFlags, OTHER_STATUS, runFlags, viewFlags, viewOf } from './flags.ts'
import { prepareJob } from '../run/prepare-job.ts'
import { commandStatus, runLive } from './run-live.ts'
import { runToolLive } from './run-tool-live.ts'
import { chooseBackend, toolArguments } from '../run/backend.ts'
import { bpfFailure } from '../run/failure.ts'
import { MachineError, optional, UsageError } from '../../errors.ts'
import { bpftraceEnv, buildProgram, STRING_BYTES } from '../jobs/build.ts'
import { writeLines } from '../../proc/line-file.ts'
import { holdCommand } from '../../children/hold-command.ts'
import { JOBS } from '../jobs/catalog.ts'

export default class BpfRun extends BaseCommand {
  static override summary = 'run a job: trace one question with bpftrace, as rows, histograms or stacks'
  static override description = `Runs until Ctrl-C, --duration, or the end of CMD. Ctrl-C may be pressed any number of times: the tracer gets one signal
and prints its results. With -- CMD the command and all it starts are traced from its first instruction; its output goes to stderr,
and its exit status becomes ours where it ended by itself. What CMD leaves running is not waited for: it is no longer traced, and named.`
  static override examples = [
    '<%= config.bin %> bpf run opensnoop --comm postgres',
    '<%= config.bin %> bpf run syscount --duration 5s --top 10',
    '<%= config.bin %> bpf run runqlat --duration 10s --heatmap',
    '<%= config.bin %> bpf run profile --pid 4711 --duration 30s --flame out.svg',
    '<%= config.bin %> bpf run execsnoop --json -- make -j4',
  ]
  static override usage = 'bpf run JOB [FLAGS] [-- CMD ARGS…]'
  static fields = `
    The columns of a job are those of linsight bpf show JOB --json; linsight bpf list says what each shows and does not show.
    JSON is one object a line: start, then event, counts, histogram or stacks (final: true for the last), then summary with
    what was lost or cut. Histograms are powers of two, both ends of a bucket included.`
  static overhead = `
    linsight bpf show JOB states it for each job. Measured: an event with a record costs the traced process about 1 µs, bpftrace
    and linsight together about 15 µs of CPU. A slow reader of the output never slows the traced process: events are lost and counted.`
  static exitCodes = exitCodes(
    { machine: 'bpftrace is missing or not permitted', tool: 'nothing could be attached, or bpftrace failed' },
    OTHER_STATUS,
  )
  static override takesCommand = 'behind-dashes' as const
  static override strict = false
  static override completions = { '': { words: JOBS.map(({ name }) => name) } }
  static override args = {
    job: Args.string({ description: 'name of the job, as linsight bpf list shows it', ignoreStdin: true }),
  }
  static override flags = {
    ...filterFlags,
    ...runFlags,
    ...viewFlags,
    backend: Flags.option({
      options: ['auto', 'bpftrace', 'bcc'] as const,
      default: 'auto',
      description: 'what to trace with; bcc means a libbpf-tool or BCC tool',
    })(),
    object: Flags.string({
      helpValue: 'PATH',
      description: 'the library or program whose function is traced, where it is not the usual one',
      helpGroup: 'filter',
    }),
  }

  async run(): Promise<void> {
    const { flags, args, command: words } = await this.readArguments(BpfRun)
    const { json } = this.common
    const { job, filter, programContext, context, header } = prepareJob(args.job, flags)
    checkFlame(flags.flame, job)
    if (filter.pid !== undefined && optional(() => context.files.readFile(`proc/${filter.pid}/stat`)) === undefined)
      throw new MachineError('no-target', `there is no process ${filter.pid}`)
    const backend = await chooseBackend(job, flags.backend, programContext([], filter), context)
    if (flags.verbose) this.say(`${backend.kind === 'tool' ? backend.tool.path : backend.path}: ${backend.why}`)
    if (backend.kind === 'tool') {
      if (words.length > 0 || flags.record !== undefined)
        throw new UsageError(`--backend bcc takes neither a command nor --record`)
      this.remark({ code: 'backend-chosen', message: `${backend.tool.path} stands in for ${job.name}: ${backend.why}` })
      await runToolLive(context, backend.tool, toolArguments(filter, backend.tool), {
        json,
        durationMs: flags.duration,
        terminal: this.terminal,
        ...this.warningSink,
      })
      return
    }
    const command = words.length === 0 ? undefined : await holdCommand(words, { stdout: 'stderr' })
    const traced = { ...filter, tree: command?.pid }
    const view = viewOf(job, { ...flags, json }, this.terminal, {
      source: 'live',
      everyInterval: flags.interval !== undefined,
    })
    const { session, out } = await runLive(
      {
        files: context.files,
        bpftrace: backend.path,
        header: header(backend, traced),
        env: bpftraceEnv(job.stringBytes ?? STRING_BYTES),
        job,
        program: ownPids => buildProgram(job, programContext(ownPids, traced)),
        durationMs: flags.duration,
        pid: filter.pid,
        command,
        recording: flags.record === undefined ? undefined : await writeLines(flags.record),
      },
      view,
      text => this.say(text),
    )
    const failure = bpfFailure(session, context.checks)
    if (failure !== undefined) throw failure
    await concludeRun(session, out, { subject: job, flame: flags.flame, json, ...this.warningSink })
    process.exitCode ??= await commandStatus(command)
  }
}
