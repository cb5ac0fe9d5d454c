import { BaseCommand, sourceFlags } from '../../cli/base-command.ts'
import { openSource } from '../../proc/open-source.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { liveSampler } from '../sample/live-sampler.ts'
import { recordedSampler } from '../sample/recorded-sampler.ts'
import type { Sampler } from '../sample/sampler.ts'
import { filterOf } from '../session/set-filter.ts'
import { runScreen } from '../session/run-screen.ts'
import {
  DEFAULT_INTERVAL_MS,
  filterText,
  groupingOf,
  refuseConflicts,
  sortOf,
  TOP_COMPLETIONS,
  topFlags,
  type TopFlags,
} from './flags.ts'
import { recordingsOf } from './recordings.ts'
import { EXAMPLES, EXIT_CODES, FIELDS, OVERHEAD } from './help.ts'

/** Longer than what is left to be done takes. */
const LEAVING_MS = 100

export default class Top extends BaseCommand {
  static override summary = 'who moves how much over which connections, as it happens'
  static override description =
    'Processes with their traffic, their connections and all that is known of one; listeners with their queues; local ports ' +
    'by destination; remote hosts; what is wrong. Nothing is captured and nothing is traced; only the owners of the ' +
    'sockets of others need root.'
  static override examples = EXAMPLES
  static override strict = false
  static override usage =
    '[FILTER] [--view VIEW] [--by KEY] [--sort COLUMN] [--interval TIME] [--count N] [--json] [--from PATH]'
  static override flags = { ...topFlags, endian: sourceFlags.endian }
  static override completions = TOP_COMPLETIONS
  static fields = FIELDS
  static overhead = OVERHEAD
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    const { flags, argv } = await this.readArguments(Top)
    const isRecorded = flags.from !== undefined
    refuseConflicts(flags, isRecorded)
    const [grouping, sort] = [groupingOf(flags), sortOf(flags)]
    const { from, words } = recordingsOf(flags.from, argv)
    const text = filterText(words, flags.pid)
    const sampler = await this.#open({ ...flags, from })
    const options = {
      sampler,
      intervalMs: flags.interval ?? DEFAULT_INTERVAL_MS,
      count: flags.count,
      view: flags.view,
      filter: await filterOf(text, sampler.source),
      diagnoseEveryMs: flags.diagnose,
      grouping,
      sort,
    }
    if (this.terminal.interactive && !flags.json && process.env['TERM'] !== 'dumb') {
      const status = await runScreen({ ...options, color: this.terminal.color })
      process.exitCode = status
      // What a diagnosis still waits for ends with us.
      setTimeout(() => process.exit(), LEAVING_MS).unref()
      return
    }
    const { runStream } = await import('../session/run-stream.ts')
    await runStream({ ...options, json: flags.json === true, ...this.warningSink })
  }

  async #open({ from, endian }: Pick<TopFlags, 'from'> & { endian?: 'little' | 'big' | undefined }): Promise<Sampler> {
    if (from === undefined) return liveSampler(await this.openSource({ endian }))
    const sources: ProcSource[] = []
    for (const path of from) {
      const source = await openSource(path, endian)
      for (const remark of source.remarks ?? []) this.remark(remark)
      sources.push(source)
    }
    return recordedSampler(sources)
  }
}
