import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { concludeRun } from '../show/conclude.ts'
import { runFlags, viewOptions } from './flags.ts'
import { showLive } from '../show/live.ts'
import { scriptSubject } from '../show/view.ts'
import { findBpftrace } from '../doctor/find-bpftrace.ts'
import { bpfFailure } from '../run/failure.ts'
import { prepareScript } from '../run/prepare-script.ts'
import { UsageError } from '../../errors.ts'
import { writeLines } from '../../proc/line-file.ts'
import { holdCommand } from '../../children/hold-command.ts'

export default class BpfScript extends BaseCommand {
  static override summary = 'run a bpftrace script of your own through the same decoder, clean-up and recording'
  static override description = `The script is the user's own and runs as it is, without --unsafe: it cannot start commands. --param NAME=VALUE puts a value
in place of $NAME: digits become a number, everything else a string literal, never program text.`
  static override examples = [
    '<%= config.bin %> bpf script slow-reads.bt --duration 10s',
    '<%= config.bin %> bpf script opens.bt --param name=postgres --json',
    '<%= config.bin %> bpf script allocs.bt -- ./server --port 8080',
  ]
  static override usage = 'bpf script FILE [--param NAME=VALUE…] [FLAGS] [-- CMD ARGS…]'
  static fields = `
    Text of printf(), join(), time() and cat() as it is; tuples of print((…)) as (a, b, c); maps as bpftrace prints them, smallest
    value first. In JSON: text, value, map, histogram, stats, series, then summary. $CMD_PID in the script is the pid of CMD.`
  static exitCodes = `
    0  done    2  wrong usage    3  bpftrace is missing or not permitted    4  there is no such script
    5  the script does not compile, attached nothing, or failed`
  static override strict = false
  static override args = { file: Args.string({ description: 'the script', ignoreStdin: true }) }
  static override flags = {
    ...runFlags,
    param: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
      description: 'a value for $NAME in the script',
    }),
  }

  async run(): Promise<void> {
    const { flags, argv } = await this.readArguments(BpfScript)
    const [file, ...words] = argv
    if (file === undefined) throw new UsageError('no script FILE given')
    if (words.length > 0 && !this.argv.includes('--')) {
      throw new UsageError(`${words[0]} is one word too many`, { hint: 'a command to trace stands behind --' })
    }
    const { situation, header, program } = prepareScript(file, flags.param ?? [])
    const bpftrace = await findBpftrace(situation.machine)
    const command = words.length === 0 ? undefined : await holdCommand(words, { stdout: 'stderr' })
    const { json } = this.common
    const subject = scriptSubject(file)
    const { session, result, out } = await showLive(
      {
        files: situation.files,
        bpftrace: bpftrace.path,
        header: header(bpftrace),
        program: () => program(command?.pid),
        durationS: flags.duration,
        command,
        recording: flags.record === undefined ? undefined : writeLines(flags.record),
      },
      subject,
      viewOptions({ json, heatmap: false }, this.terminal, 'live', false),
      text => this.say(text),
    )
    const failure = bpfFailure(session, result, situation.checks)
    if (failure !== undefined) throw failure
    await concludeRun(session, out, {
      subject,
      json,
      flame: undefined,
      warnings: this.warnings,
      remark: warning => this.remark(warning),
    })
  }
}
