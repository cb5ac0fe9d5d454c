import * as Args from '@oclif/core/args'
import { BaseCommand } from '../../cli/base-command.ts'
import type { Warning } from '../../warnings.ts'
import { checkFlame, concludeRun } from '../show/conclude.ts'
import { viewFlags, viewOptions } from './flags.ts'
import { showRecordedTool } from '../show/tool-live.ts'
import { steadyOut } from '../../cli/async-stdout.ts'
import { bpfView, scriptSubject, type BpfSubject, type BpfView } from '../show/view.ts'
import { replayRecording } from '../run/replay-recording.ts'
import { isToolRecording } from '../tools/tool-recording.ts'

export default class BpfReplay extends BaseCommand {
  static override summary = 'show a recorded run again: same rows, histograms, stacks and warnings, on any system'
  static override examples = [
    '<%= config.bin %> bpf replay slow.ndjson',
    '<%= config.bin %> bpf replay profile.ndjson.gz --flame out.speedscope.json',
    '<%= config.bin %> bpf replay runqlat.ndjson --heatmap',
  ]
  static fields = `
    The same as of the run: a recording holds what bpftrace said, byte for byte, and goes through the same code.`
  static exitCodes = `
    0  done    2  wrong usage    4  the recording is missing or is none`
  static override args = {
    file: Args.string({ required: true, description: 'a file of --record, plain or gzip', ignoreStdin: true }),
  }
  static override flags = { ...viewFlags }

  async run(): Promise<void> {
    const { flags, args } = await this.readArguments(BpfReplay)
    const { json } = this.common
    const remarks = { warnings: this.warnings, remark: (warning: Warning) => this.remark(warning) }
    if (isToolRecording(args.file)) {
      await showRecordedTool(args.file, { json, terminal: this.terminal, ...remarks })
      return
    }
    const out = steadyOut(() => process.exit(0))
    let subject: BpfSubject | undefined
    let view: BpfView | undefined
    const session = await replayRecording(args.file, (header, job) => {
      subject = job ?? scriptSubject(header.script)
      checkFlame(flags.flame, subject)
      const followed = bpfView(
        subject,
        viewOptions({ ...flags, json }, this.terminal, args.file, header.everyInterval),
        out,
      )
      view = followed
      return session => followed.listen(session)
    })
    view!.finish(session)
    await out.end()
    await concludeRun(session, out, {
      subject: subject!,
      flame: flags.flame,
      json,
      ...remarks,
    })
  }
}
