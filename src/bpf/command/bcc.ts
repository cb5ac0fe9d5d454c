import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { UsageError } from '../../errors.ts'
import { machineContext } from '../doctor/machine-context.ts'
import type { BpfReplacedLine } from '../show/documents.ts'
import { chooseTool } from '../tools/run-tool.ts'
import { refusal, refusalText, substituteJob } from '../tools/substitute-job.ts'
import { runFlags, streamFlags } from './flags.ts'
import { runToolLive } from './run-tool-live.ts'

export default class BpfBcc extends BaseCommand {
  static override summary = 'run a libbpf-tool, BCC tool or bpftrace script by name; its text becomes typed rows'
  static override description = `Words behind TOOL go to the tool; flags of linsight come before it. A tool whose probes cannot attach here is not
started (see linsight bpf list): the job that answers the same question runs in its place, or the nearest one is named.`
  static override examples = [
    '<%= config.bin %> bpf bcc execsnoop -T',
    '<%= config.bin %> bpf bcc --duration 5s --json opensnoop -p 1234',
    '<%= config.bin %> bpf bcc runqlat 1 5',
    '<%= config.bin %> bpf bcc tcplife-libbpf --help',
  ]
  static override usage = 'bpf bcc [FLAGS] TOOL [ARGS…]'
  static fields = `
    Columns are the tool's own. In JSON a line is an item: row (the tool's columns as keys, units in the name), histogram
    (unit, key, buckets as closed intervals), stack (innermost frame first), header, note, unparsed, and last summary.
    Text is cut by the width of its column, so names with blanks stay whole. A file name that holds a newline looks like
    two rows: the tools print both alike. linsight bpf run has no such ambiguity. What --record wrote, linsight bpf replay shows.`
  static overhead = `
    That of the tool; linsight adds about 3 µs of CPU for each of its lines.`
  static exitCodes = exitCodes({
    usage: 'wrong usage, also of the tool',
    machine: 'there is no such tool, or this user may not trace',
    tool: 'the tool cannot attach here, or failed',
  })
  static override takesCommand = 'at-operand' as const
  static override strict = false
  static override flags = {
    ...streamFlags,
    duration: runFlags.duration,
    record: runFlags.record,
    force: Flags.boolean({ description: 'start the tool even if its probes cannot attach' }),
  }

  async run(): Promise<void> {
    const { flags, command } = await this.readArguments(BpfBcc)
    const [name, ...rest] = command
    if (name === undefined)
      throw new UsageError('no TOOL given', { hint: 'see what there is with: linsight bpf list --all' })
    const args = rest[0] === '--' ? rest.slice(1) : rest
    const context = machineContext()
    const tool = chooseTool(context, name)
    if (tool.works === 'no' && !flags.force) {
      const job = substituteJob(tool, args, context)
      if (job === undefined) throw refusal(tool, context)
      await this.replace(refusalText(tool), job, flags)
      return
    }
    await runToolLive(context, tool, args, {
      json: this.common.json,
      terminal: this.terminal,
      durationMs: flags.duration,
      record: flags.record,
      ...this.warningSink,
    })
  }

  /** Runs a job in place of the tool, with a warning. */
  private async replace(
    why: string,
    job: readonly string[],
    flags: { duration: number | undefined; record: string | undefined },
  ): Promise<void> {
    const { json, color } = this.common
    const hint = `in its place this runs: linsight bpf run ${job.join(' ')}`
    if (json) {
      const replaced: BpfReplacedLine = { type: 'replaced', message: why, job: job[0]!, hint }
      process.stdout.write(`${JSON.stringify(replaced)}\n`)
    }
    this.remark({ code: 'tool-substituted', message: why, hint })
    const ownFlags = [
      `--color=${color}`,
      ...(json ? ['--json'] : []),
      ...(flags.duration === undefined ? [] : [`--duration=${flags.duration}ms`]),
      ...(flags.record === undefined ? [] : [`--record=${flags.record}`]),
    ]
    await this.config.runCommand('bpf:run', [...job, ...ownFlags])
  }
}
