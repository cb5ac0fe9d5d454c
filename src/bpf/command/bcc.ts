import { checkMachine } from '../doctor/check-machine.ts'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { runFlags } from './flags.ts'
import { showTool } from '../show/tool-live.ts'
import { readBpfMachine } from '../doctor/machine/read-machine.ts'
import { refusal, refusalText, runInstead } from '../tools/substitute-job.ts'
import { chooseTool } from '../tools/run-tool.ts'
import { UsageError } from '../../errors.ts'
import { openMachine } from '../doctor/machine/machine-files.ts'

/** Flags of ours that take the next word. */
const WITH_VALUE = new Set(['--duration', '--record', '--color'])

export default class BpfBcc extends BaseCommand {
  static override summary = 'run a libbpf-tool, BCC tool or bpftrace script by name; its text becomes typed rows'
  static override description = `What stands behind TOOL goes to the tool, our own flags come before it. A tool whose probes cannot attach here is not
started (see linsight bpf list): the job that answers the same question runs in its place, or the nearest one is named.`
  static override examples = [
    '<%= config.bin %> bpf bcc execsnoop -T',
    '<%= config.bin %> bpf bcc --duration 5s --json opensnoop -p 1234',
    '<%= config.bin %> bpf bcc runqlat 1 5',
    '<%= config.bin %> bpf bcc tcplife-libbpf -- --help',
  ]
  static override usage = 'bpf bcc [FLAGS] TOOL [ARGS…]'
  static fields = `
    Columns are the tool's own. In JSON a line is an item: row (the tool's columns as keys, units in the name), histogram
    (unit, key, buckets as closed intervals), stack (innermost frame first), header, note, unparsed, and last summary.
    Text is cut by the width of its column, so names with blanks stay whole. A file name that holds a newline cannot be told
    from two rows: the tools print both alike. linsight bpf run has no such gap. What --record wrote, linsight bpf replay shows.`
  static overhead = `
    That of the tool; each of its lines costs us some 3 µs in addition.`
  static exitCodes = `
    0  done, also when warnings say that something is missing      2  wrong usage, also of the tool
    3  there is no such tool                                       5  the tool cannot attach here, or failed`
  static override strict = false
  static override flags = {
    duration: runFlags.duration,
    record: runFlags.record,
    force: Flags.boolean({ description: 'start the tool even where its probes cannot attach' }),
  }

  async run(): Promise<void> {
    this.argv = ownFlagsFirst(this.argv)
    const { flags, argv } = await this.readArguments(BpfBcc)
    const [name, ...rest] = argv
    if (name === undefined)
      throw new UsageError('no TOOL given', { hint: 'see what there is with: linsight bpf list --all' })
    const args = rest[0] === '--' ? rest.slice(1) : rest
    const files = openMachine(undefined)
    const machine = readBpfMachine(files)
    const situation = { files, machine, checks: checkMachine(machine) }
    const tool = chooseTool(files, machine, situation.checks, name)
    if (tool.works === 'no' && !flags.force) {
      const instead = runInstead(tool, args, situation)
      if (instead === undefined) throw refusal(tool, situation)
      await this.replace(refusalText(tool), instead, flags)
      return
    }
    await showTool(situation, tool, args, {
      json: this.common.json,
      terminal: this.terminal,
      duration: flags.duration,
      record: flags.record,
      warnings: this.warnings,
      remark: warning => this.remark(warning),
    })
  }

  /** Runs one of our jobs in place of the tool, and says so. */
  private async replace(
    why: string,
    job: readonly string[],
    flags: { duration: number | undefined; record: string | undefined },
  ): Promise<void> {
    const { json, color } = this.common
    const hint = `in its place runs: linsight bpf run ${job.join(' ')}`
    if (json) process.stdout.write(`${JSON.stringify({ type: 'replaced', message: why, job: job[0], hint })}\n`)
    this.remark({ code: 'tool-substituted', message: why, hint })
    const ours = [
      `--color=${color}`,
      ...(json ? ['--json'] : []),
      ...(flags.duration === undefined ? [] : [`--duration=${flags.duration}s`]),
      ...(flags.record === undefined ? [] : [`--record=${flags.record}`]),
    ]
    await this.config.runCommand('bpf:run', [...job, ...ours])
  }
}

/** Everything from the first word that is no flag of ours belongs to the tool. */
function ownFlagsFirst(argv: readonly string[]): string[] {
  let at = 0
  while (at < argv.length && argv[at]!.startsWith('-') && argv[at] !== '--') at += WITH_VALUE.has(argv[at]!) ? 2 : 1
  const rest = argv.slice(argv[at] === '--' ? at + 1 : at)
  return rest.length === 0 ? [...argv] : [...argv.slice(0, at), '--', ...rest]
}
