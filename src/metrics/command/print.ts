import * as Flags from '@oclif/core/flags'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import { UsageError } from '../../errors.ts'
import { libcToEnter } from '../../namespaces/libc-to-enter.ts'
import { withDumps } from '../../sockets/index.ts'
import { Collector } from '../collect/collector.ts'
import type { Exposition } from '../model.ts'
import { metricsDocument } from '../show/document.ts'
import { OPEN_METRICS_TYPE, prometheusText, TEXT_TYPE } from '../show/prometheus-text.ts'
import { gatherFlags } from './flags.ts'
import { FIELDS, PRINT_EXAMPLES, PRINT_EXIT_CODES } from './help.ts'

/** Nobody waits for this answer with a deadline of their own. */
const BUDGET_MS = 60_000

export default class MetricsPrint extends BaseCommand {
  static override summary = 'one answer for Prometheus on stdout, or in a file for node_exporter'
  static override description =
    'Prints what linsight metrics serve would answer, once. Counters of bytes by program need two answers of one process: ' +
    'they are only there with serve.'
  static override examples = PRINT_EXAMPLES
  static override flags = {
    ...gatherFlags,
    textfile: Flags.string({
      helpValue: 'FILE',
      description: 'write it to FILE, whole or not at all, for the textfile collector; its name has to end in .prom',
    }),
    openmetrics: Flags.boolean({ description: 'as OpenMetrics instead of the text of Prometheus' }),
    ...sourceFlags,
  }
  static fields = FIELDS
  static exitCodes = PRINT_EXIT_CODES

  async run(): Promise<void> {
    const { flags } = await this.readArguments(MetricsPrint)
    const { textfile } = flags
    refuseConflicts(flags, this.common.json)
    const source = await withDumps(await this.openSource(flags))
    const collector = new Collector({
      source,
      allNamespaces: flags['all-netns'] ? { libc: await libcToEnter(source) } : undefined,
      maxSeries: flags['max-series'],
      version: this.config.version,
    })
    const answer = await collector.collect(BUDGET_MS)
    const text = () => prometheusText(answer, flags.openmetrics ? OPEN_METRICS_TYPE : TEXT_TYPE)
    if (textfile !== undefined) return this.#writeTextfile(textfile, await text())
    this.#remarkOnGaps(answer)
    return this.emit({ document: () => metricsDocument(originOf(source), answer), text: async () => [await text()] })
  }

  async #writeTextfile(file: string, text: string): Promise<void> {
    const { writeFile } = await import('../../files/write-file.ts')
    await writeFile(file, [text], { what: 'the metrics' })
  }

  #remarkOnGaps({ families }: Exposition): void {
    const missing = families
      .filter(({ name }) => name === 'linsight_part_up')
      .flatMap(({ samples }) => samples.filter(({ value }) => value === 0).map(({ labels }) => labels['part']!))
    if (missing.length > 0)
      this.remark({ code: 'metrics-partial', message: `parts of the answer could not be read: ${missing.join(', ')}` })
  }
}

function refuseConflicts(
  { textfile, openmetrics }: { textfile?: string | undefined; openmetrics: boolean },
  json: boolean,
): void {
  if (textfile !== undefined && (openmetrics || json))
    throw new UsageError(`--textfile and ${json ? '--json' : '--openmetrics'} exclude each other`, {
      hint: 'the textfile collector reads the text of Prometheus only',
    })
  if (openmetrics && json) throw new UsageError('--openmetrics and --json exclude each other')
  if (textfile !== undefined && !textfile.endsWith('.prom') && !textfile.startsWith('/dev/'))
    throw new UsageError(`--textfile ${textfile} does not end in .prom`, {
      hint: 'the textfile collector of node_exporter reads *.prom only',
    })
}
