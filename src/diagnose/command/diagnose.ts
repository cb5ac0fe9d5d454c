import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { EXIT } from '../../errors.ts'
import { createTheme } from '../../terminal/theme.ts'
import { diagnose, findAll, pidsToDescribe } from '../diagnose.ts'
import { describeProcess } from '../look/describe.ts'
import { observe } from '../look/observe.ts'
import type { Observation } from '../observation.ts'
import { diagnoseDocument } from '../show/document.ts'
import { diagnosisText } from '../show/text.ts'

export default class Diagnose extends BaseCommand {
  static override summary = 'what is wrong on this machine, who does it, and what helps'
  static override examples = ['<%= config.bin %> <%= command.id %>']
  static override flags = {
    duration: Flags.string({ default: '5s', helpValue: 'TIME', description: 'how long to look' }),
    all: Flags.boolean({ description: 'every finding, and notes that accuse nobody' }),
  }
  static exitCodes = exitCodes({ no: 'something is wrong' })

  async run(): Promise<void> {
    const { flags } = await this.readArguments(Diagnose)
    const source = await this.openSource({})
    const durationMs = Number.parseFloat(flags.duration) * 1000
    const { signal, done } = untilSignal()
    const seen = await observe(source, { durationMs, tracing: true, stop: signal })
    done()
    const found = findAll(seen)
    const wanted = new Set(pidsToDescribe(found))
    for (const process of seen.processes)
      if (wanted.has(process.pid)) process.described = describeProcess(source, process, seen)
    if (process.env['LINSIGHT_SEEN'])
      (await import('node:fs')).writeFileSync(process.env['LINSIGHT_SEEN'], JSON.stringify(seen))
    const report = diagnose(seen)
    const theme = createTheme(this.terminal.color)
    await this.emit({
      document: () => diagnoseDocument(originOfObservation(seen), report),
      text: () => diagnosisText(report, { width: this.terminal.width, theme, all: flags.all }),
    })
    if (report.findings.length > 0) process.exitCode ||= EXIT.no
    // The tracer is being torn down by the kernel, which takes a while; nothing of it is needed any more.
    setImmediate(() => process.exit())
  }
}

const originOfObservation = ({ host, takenAt }: Observation) => ({ host, takenAt, source: 'live' })
