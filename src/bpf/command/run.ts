import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import type { Warning } from '../../warnings.ts'
import { concludeRun, checkFlame } from '../show/conclude.ts'
import { filterFlags, runFlags, viewFlags, viewOptions } from './flags.ts'
import { prepareJob } from '../run/prepare-job.ts'
import { showLive } from '../show/live.ts'
import { showTool } from '../show/tool-live.ts'
import { chooseBackend, toolArguments } from '../run/backend.ts'
import { bpfFailure } from '../run/failure.ts'
import { UsageError } from '../../errors.ts'
import { buildProgram } from '../jobs/build.ts'
import { writeLines } from '../../proc/line-file.ts'
import { holdCommand } from '../../children/hold-command.ts'

export default class BpfRun extends BaseCommand {
  static override summary = 'run a job: trace one question with bpftrace, as rows, histograms or stacks'
  static override description = `Runs until Ctrl-C, --duration, or the end of CMD. Ctrl-C may be pressed any number of times: the tracer is asked once and
its results come. With -- CMD the command and all it starts are traced from its first instruction; its output goes to stderr.`
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
    Says each job itself: linsight bpf show JOB. Measured: an event with a record costs the traced process about 1 µs, bpftrace
    and linsight together about 15 µs of CPU. A reader that is too slow never slows the traced: events are lost and counted.`
  static exitCodes = `
    0  done, also when warnings say that something is missing    2  wrong usage    3  bpftrace is missing or not permitted
    5  nothing could be attached, or bpftrace failed             129, 143  ended by SIGHUP, SIGTERM`
  static override strict = false
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
    const { flags, argv } = await this.readArguments(BpfRun)
    const [name, ...words] = argv
    const { json } = this.common
    const remarks = { warnings: this.warnings, remark: (warning: Warning) => this.remark(warning) }
    if (words.length > 0 && !this.argv.includes('--')) {
      throw new UsageError(`${words[0]} is one word too many`, { hint: 'a command to trace stands behind --' })
    }
    const { job, filter, context, situation, header } = prepareJob(name, flags)
    checkFlame(flags.flame, job)
    const backend = await chooseBackend(job, flags.backend, context([], filter), situation)
    if (flags.verbose) this.say(`${backend.kind === 'tool' ? backend.tool.path : backend.path}: ${backend.why}`)
    if (backend.kind === 'tool') {
      if (words.length > 0 || flags.record !== undefined)
        throw new UsageError(`--backend bcc takes neither a command nor --record`)
      this.remark({ code: 'backend-chosen', message: `${backend.tool.path} stands in for ${job.name}: ${backend.why}` })
      await showTool(situation, backend.tool, toolArguments(filter, backend.tool), {
        json,
        duration: flags.duration,
        terminal: this.terminal,
        ...remarks,
      })
      return
    }
    const command = words.length === 0 ? undefined : await holdCommand(words, { stdout: 'stderr' })
    const traced = { ...filter, tree: command?.pid }
    const { session, result, out } = await showLive(
      {
        files: situation.files,
        bpftrace: backend.path,
        header: header(backend, traced),
        job,
        program: ownPids => buildProgram(job, context(ownPids, traced)),
        durationS: flags.duration,
        command,
        recording: flags.record === undefined ? undefined : writeLines(flags.record),
      },
      job,
      viewOptions({ ...flags, json }, this.terminal, 'live', flags.interval !== undefined),
      text => this.say(text),
    )
    const failure = bpfFailure(session, result, situation.checks)
    if (failure !== undefined) throw failure
    await concludeRun(session, out, { subject: job, flame: flags.flame, json, ...remarks })
  }
}
