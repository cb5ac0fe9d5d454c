import { BaseCommand } from '../../cli/base-command.ts'
import { LIVE_KINDS, type LiveKind } from '../../cli/completions.ts'
import { writeOut } from '../../cli/write-out.ts'
import { openLiveProc } from '../../proc/live-proc.ts'
import { liveWords } from '../live/live-words.ts'

/** `linsight __complete KIND PREFIX`: for the completion of shells, so it is silent where it has nothing to say. */
export default class Complete extends BaseCommand {
  static override summary = 'words that begin with PREFIX, for the completion of shells'
  static override hidden = true
  static override strict = false

  async run(): Promise<void> {
    const [kind = '', prefix = ''] = (await this.readArguments(Complete)).argv
    if (process.platform !== 'linux' || !(LIVE_KINDS as readonly string[]).includes(kind)) return
    const words = liveWords(kind as LiveKind, prefix, openLiveProc())
    await writeOut(words.map(word => `${word.join('\t')}\n`))
  }
}
