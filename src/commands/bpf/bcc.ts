import * as Flags from '@oclif/core/flags'
import { checkMachine, type Check, type CheckId } from '../../analyse/bpf-doctor.ts'
import type { ToolVerdict } from '../../analyse/tool-verdict.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { stdoutWriter } from '../../cli/stdout-writer.ts'
import { readBpfMachine } from '../../collect/bpf-doctor.ts'
import { jobFor, type Candidate } from '../../collect/bpf-list.ts'
import { chooseTool, runBpfTool } from '../../collect/run-bpf-tool.ts'
import { MachineError, ToolError, UsageError } from '../../errors.ts'
import type { BpfTool } from '../../model/bpf-machine.ts'
import { escapeBytes } from '../../render/escape.ts'
import { createTheme } from '../../render/theme.ts'
import { toolItemJson, toolItemText } from '../../render/tool-items.ts'
import { openMachine } from '../../source/machine-files.ts'

/** Flags of ours that take the next word. */
const WITH_VALUE = new Set(['--duration', '-d', '--color'])

export default class BpfBcc extends BaseCommand {
  static override summary = 'run a libbpf-tool, BCC tool or bpftrace script by name; its text becomes typed rows'
  static override description = `What stands behind TOOL goes to the tool, our own flags come before it. A tool whose probes cannot attach here is not
started (see linsight bpf list): the job that answers the same question is named instead.`
  static override examples = [
    '<%= config.bin %> bpf bcc execsnoop -T',
    '<%= config.bin %> bpf bcc --duration 5 --json opensnoop -p 1234',
    '<%= config.bin %> bpf bcc runqlat 1 5',
    '<%= config.bin %> bpf bcc tcplife-libbpf -- --help',
  ]
  static override usage = 'bpf bcc [FLAGS] TOOL [ARGS…]'
  static fields = `
    Columns are the tool's own. In JSON a line is an item: row (the tool's columns as keys, units in the name), histogram
    (unit, key, buckets as closed intervals), stack (innermost frame first), header, note, unparsed, and last summary.
    Text is cut by the width of its column, so names with blanks stay whole. A file name that holds a newline cannot be told
    from two rows: the tools print both alike. linsight bpf run has no such gap.`
  static overhead = `
    That of the tool; each of its lines costs us some 3 µs in addition.`
  static exitCodes = `
    0  done, also when warnings say that something is missing      2  wrong usage, also of the tool
    3  there is no such tool                                       5  the tool cannot attach here, or failed`
  static override strict = false
  static override flags = {
    duration: Flags.integer({
      char: 'd',
      min: 1,
      max: 86_400,
      helpValue: 'SECONDS',
      description: 'stop the tool after this time',
    }),
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
    const checks = checkMachine(machine)
    const tool = chooseTool(files, machine, checks, name)
    if (tool.works === 'no' && !flags.force) throw cannotAttach(tool)

    const theme = createTheme(this.terminal.color)
    const text = toolItemText(theme)
    const out = stdoutWriter()
    const run = await runBpfTool(files, machine, tool, args, item =>
      out.write(flags.json ? `${JSON.stringify(toolItemJson(item))}\n` : text(item)),
    )
    const stop = () => run.stop()
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
    const timer = flags.duration === undefined ? undefined : setTimeout(stop, flags.duration * 1000)
    const { result, verdict, counts } = await run.ended.finally(() => clearTimeout(timer))
    await out.end()
    if (verdict.failure !== undefined) throw failed(tool, verdict.failure, checks)
    for (const warning of verdict.warnings) this.remark({ ...warning, message: escapeBytes(warning.message) })
    if (flags.json) {
      const { lostAtLeast, skippedProbes } = verdict
      const { family, path } = tool
      const { exitCode, signal, durationMs } = result
      const facts = {
        tool: tool.name,
        family,
        path,
        args,
        exitCode,
        signal,
        durationMs: Math.round(durationMs),
        counts,
      }
      const summary = {
        type: 'summary',
        schema: 'linsight/bpf-bcc/1',
        host: files.meta.host,
        takenAt: files.meta.takenAt,
        source: 'live',
      }
      out.write(
        `${JSON.stringify({ ...summary, ...facts, lostAtLeast, skippedProbes, warnings: this.warnings, unreadable: {} })}\n`,
      )
      await out.end()
    }
  }
}

/** Everything from the first word that is no flag of ours belongs to the tool. */
function ownFlagsFirst(argv: readonly string[]): string[] {
  let at = 0
  while (at < argv.length && argv[at]!.startsWith('-') && argv[at] !== '--') at += WITH_VALUE.has(argv[at]!) ? 2 : 1
  const rest = argv.slice(argv[at] === '--' ? at + 1 : at)
  return rest.length === 0 ? [...argv] : [...argv.slice(0, at), '--', ...rest]
}

function insteadOf(tool: BpfTool): string | undefined {
  const job = jobFor(tool.name)
  return job === undefined ? undefined : `linsight bpf run ${job} answers the same and works here`
}

/** What no job of ours can do without either. */
const RIGHTS: readonly (CheckId | undefined)[] = ['user', 'capabilities', 'user-namespace', 'lockdown']

function cannotAttach(tool: Candidate & BpfTool): Error {
  const message = `${tool.name} (${tool.path}) was not started because it cannot attach here: ${tool.reason}`
  if (RIGHTS.includes(tool.because)) return new MachineError('E_NOT_PERMITTED', message, { hint: tool.remedy })
  return new ToolError(message, { hint: insteadOf(tool) ?? tool.remedy })
}

/** The tool's failure as an error of ours, with what the doctor knows about it. */
function failed(tool: BpfTool, failure: NonNullable<ToolVerdict['failure']>, checks: readonly Check[]): Error {
  const message = escapeBytes(failure.message)
  if (failure.usage) return new UsageError(message, { hint: `see linsight bpf bcc ${tool.name} -- --help` })
  const check = checks.find(({ id, state }) => id === failure.because && state === 'fail')
  const text = check === undefined ? message : `${message}; ${check.finding}`
  if (RIGHTS.includes(check?.id)) return new MachineError('E_NOT_PERMITTED', text, { hint: check?.remedy })
  return new ToolError(text, { hint: insteadOf(tool) ?? check?.remedy })
}
