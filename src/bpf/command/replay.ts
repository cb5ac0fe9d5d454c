import * as Args from '@oclif/core/args'
import { asyncStdout } from '../../cli/async-stdout.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { openLines } from '../../proc/line-file.ts'
import { bpfFailure } from '../run/failure.ts'
import { replayRecording } from '../run/replay-recording.ts'
import { scriptSubject } from '../show/subject.ts'
import { isToolRecording } from '../tools/tool-recording.ts'
import { checkFlame, concludeRun } from './conclude.ts'
import { viewFlags, viewOf } from './flags.ts'
import { showRecordedTool } from './run-tool-live.ts'

export default class BpfReplay extends BaseCommand {
  static override summary = 'show a recorded run again: same rows, histograms, stacks and warnings, on any system'
  static override examples = [
    '<%= config.bin %> bpf replay slow.ndjson',
    '<%= config.bin %> bpf replay profile.ndjson.gz --flame out.speedscope.json',
    '<%= config.bin %> bpf replay runqlat.ndjson --heatmap',
  ]
  static fields = `
    The same as of the run: a recording holds what bpftrace said, byte for byte, and goes through the same code.`
  static exitCodes = exitCodes({ input: 'the recording is missing or is none', tool: 'the recorded run failed' })
  static override args = {
    file: Args.string({ required: true, description: 'a file of --record, plain or gzip', ignoreStdin: true }),
  }
  static override flags = { ...viewFlags }

  async run(): Promise<void> {
    const { flags, args } = await this.readArguments(BpfReplay)
    const { json } = this.common
    const recording = await openLines(args.file)
    if (isToolRecording(recording)) {
      await showRecordedTool(recording, { json, terminal: this.terminal, ...this.warningSink })
      return
    }
    const out = asyncStdout(failure => failure ?? process.exit(0))
    const { session, subject, view } = await replayRecording(recording, (header, job) => {
      const subject = job ?? scriptSubject(header.script)
      checkFlame(flags.flame, subject, header.program)
      const shown = { source: args.file, everyInterval: header.everyInterval }
      const view = viewOf(subject, { ...flags, json }, this.terminal, shown)
      return { subject, view, onEvent: (event, run) => out.write(view.event(event, run)) }
    })
    out.write(view.end(session))
    await out.end()
    const failure = bpfFailure(session, [])
    if (failure !== undefined) throw failure
    await concludeRun(session, out, { subject, flame: flags.flame, json, ...this.warningSink })
  }
}
