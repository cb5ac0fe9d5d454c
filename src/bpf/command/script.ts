import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { checkFlame, concludeRun } from './conclude.ts'
import { OTHER_STATUS, runFlags, viewFlags, viewOf } from './flags.ts'
import { commandStatus, runLive } from './run-live.ts'
import { scriptSubject } from '../show/subject.ts'
import { findBpftrace } from '../doctor/find-bpftrace.ts'
import { bpfFailure } from '../run/failure.ts'
import { prepareScript } from '../run/prepare-script.ts'
import { UsageError } from '../../errors.ts'
import { writeLines } from '../../proc/line-file.ts'
import { holdCommand } from '../../children/hold-command.ts'

export default class BpfScript extends BaseCommand {
  static override summary = 'run your own bpftrace script with the same decoder, clean-up and recording'
  static override description = `The script is the user's own and runs as it is, without --unsafe: it cannot start commands. --param NAME=VALUE puts a value
in place of $NAME: digits become a number, everything else a string literal, never program text; --param 'name="007"' is a string of digits.
With -- CMD the exit status is that of CMD where it ended by itself.`
  static override examples = [
    '<%= config.bin %> bpf script slow-reads.bt --duration 10s',
    '<%= config.bin %> bpf script opens.bt --param name=postgres --json',
    '<%= config.bin %> bpf script allocs.bt -- ./server --port 8080',
  ]
  static override usage = 'bpf script FILE [--param NAME=VALUE…] [FLAGS] [-- CMD ARGS…]'
  static fields = `
    Text of printf(), join(), time() and cat() as it is; tuples of print((…)) as (a, b, c); maps as bpftrace prints them, smallest
    value first, the frames of stacks one a line. JSON is one object a line: start, ready, then text, value, map, histogram, stats
    and series as they come, then summary; stacks are lists, the outermost frame first. $CMD_PID in the script is the pid of CMD.
    A probe interval:ms:50 of linsight's own stands behind the script: it tells when all is attached and read.`
  static exitCodes = exitCodes(
    {
      machine: 'bpftrace is missing or not permitted',
      input: 'there is no such script',
      tool: 'the script does not compile, attached nothing, or failed',
    },
    OTHER_STATUS,
  )
  static override takesCommand = 'behind-dashes' as const
  static override strict = false
  static override args = { file: Args.string({ description: 'the script', ignoreStdin: true }) }
  static override flags = {
    ...runFlags,
    flame: viewFlags.flame,
    strlen: Flags.integer({
      min: 1,
      helpValue: 'BYTES',
      description: 'bytes of a string; what BPFTRACE_STRLEN, the script or bpftrace says otherwise',
    }),
    param: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
      description: 'a value for $NAME in the script',
    }),
  }

  async run(): Promise<void> {
    const { flags, args, command: words } = await this.readArguments(BpfScript)
    if (args.file === undefined) throw new UsageError('no script FILE given')
    const { context, header, program, env } = prepareScript(args.file, {
      params: flags.param ?? [],
      strlen: flags.strlen,
    })
    checkFlame(flags.flame, scriptSubject(args.file), program(undefined))
    const bpftrace = await findBpftrace(context.machine)
    const command = words.length === 0 ? undefined : await holdCommand(words, { stdout: 'stderr' })
    const { json } = this.common
    const subject = scriptSubject(args.file)
    const text = program(command?.pid)
    const { session, out } = await runLive(
      {
        files: context.files,
        bpftrace: bpftrace.path,
        header: { ...header(bpftrace), program: text },
        env,
        program: () => text,
        durationMs: flags.duration,
        command,
        recording: flags.record === undefined ? undefined : await writeLines(flags.record),
      },
      viewOf(subject, { json }, this.terminal, { source: 'live', everyInterval: false }),
      message => this.say(message),
    )
    const failure = bpfFailure(session, context.checks)
    if (failure !== undefined) throw failure
    process.exitCode ??= await commandStatus(command)
    await concludeRun(session, out, { subject, json, flame: flags.flame, ...this.warningSink })
  }
}
