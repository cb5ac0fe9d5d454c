import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import * as Flags from '@oclif/core/flags'
import { BaseCommand } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { writeOut } from '../../cli/write-out.ts'
import { lookHere } from '../../diagnose/command/index.ts'
import { InputError, UsageError } from '../../errors.ts'
import { checkWritable } from '../../files/output-file.ts'
import { writeFile } from '../../files/write-file.ts'
import { counted, formatBytes } from '../../terminal/units.ts'
import { escapeText } from '../../terminal/escape.ts'
import { buildReport } from '../build-report.ts'
import { readInputs } from '../inputs/read-inputs.ts'
import type { ReportData } from '../model.ts'
import { pageText } from '../page-text.ts'
import { reportSavedDocument } from '../show/document.ts'

/** Endings of recordings, in whose place `.html` stands. */
const ENDINGS = /(\.(snap|diag))?\.(json|ndjson|log|txt|tar)(\.gz)?$|\.gz$/

export default class Report extends BaseCommand {
  static override summary = 'one HTML page of recordings: what is wrong, TIME_WAIT, latencies, flame graphs, sockets'
  static override description =
    'Writes one file that any browser opens without a network: findings first, then what they rest on. The recordings are ' +
    'inside, so every command reads the page with --from. Without FILE it looks at this machine, as linsight diagnose does, and takes a snapshot.'
  static override examples = [
    '<%= config.bin %> report -o here.html',
    '<%= config.bin %> report web1.snap.json.gz',
    '<%= config.bin %> report web1.diag.json web1.snap.json strace.log -o web1.html',
    '<%= config.bin %> report --redact -o for-the-vendor.html web1.snap.json',
    'ssh web1 <%= config.bin %> report > web1.html',
    'mynetstat -ntlp --from web1.html',
  ]
  static override strict = false
  static override completions = { '': { files: true } } as const
  static override usage = '[FILE…] [-o FILE] [--redact]'
  static override flags = {
    output: Flags.string({
      char: 'o',
      helpValue: 'FILE',
      description: 'the page to write, - is stdout; without it, one beside the recording, or stdout in a pipe',
    }),
    redact: Flags.boolean({
      // Without it a flag that was not given is undefined.
      default: false,
      description:
        'pseudonyms for addresses, host and user names, arguments and paths, the same in all recordings of the page',
    }),
  }
  static fields = `A FILE is, by what is in it: a snapshot, a folder or archive of /proc; what linsight diagnose recorded; a profile or
a log of strace; a recording of linsight bpf run; another report. Of a snapshot the page shows findings of diagnose and
tw-stats, TIME_WAIT, peers and the table of sockets; of a diagnosis its findings; of a profile its findings, latencies, flame
graph and calls; of a bpf run its histograms, stacks or rows. Only the owner may read the page (0600).`
  static exitCodes = exitCodes({ machine: true, input: 'a FILE cannot be read, or the page not be written' })

  async run(): Promise<void> {
    const { flags, argv } = await this.readArguments(Report)
    const file = flags.output ?? this.#ownName(argv)
    if (file === '-' && this.common.json)
      throw new UsageError('--json and a page on stdout do not go together', { hint: 'name the page: -o FILE' })
    if (file !== '-') checkWritable(file)
    // The current folder may be left.
    const place = file === '-' ? file : resolve(file)
    const redacted = flags.redact
    const parts = await readInputs(argv, { redact: redacted, look: lookHere })
    const { version } = this.config
    const data = buildReport(parts, { madeAt: new Date().toISOString(), version, redacted })
    const page = pageText(
      data,
      parts.map(({ recording }) => recording),
    )
    if (file === '-') return writeOut(page)
    const bytes = await writeFile(place, page, { what: 'the report', ownerOnly: true })
    if (this.common.json) return this.emit({ document: () => reportSavedDocument(data, file, bytes), text: () => [] })
    process.stderr.write(`${escapeText(file)}: ${summaryOf(data)}, ${formatBytes(bytes)}, readable by you alone\n`)
  }

  /** Where the page goes when nobody says it: a name beside the only recording that is not taken yet, or stdout. */
  #ownName(files: readonly string[]): string {
    if (!process.stdout.isTTY && !this.common.json) return '-'
    const [first = '-'] = files
    const name = files.length === 1 && first !== '-' ? basename(first).replace(ENDINGS, '') : 'linsight-report'
    const file = join(files.length === 1 && first !== '-' ? dirname(first) : '.', `${name}.html`)
    if (existsSync(file))
      throw new InputError('output-unwritable', `${file} is there already`, { hint: 'name the page: -o FILE' })
    return file
  }
}

function summaryOf({ findings, sockets, inputs }: ReportData): string {
  const severe = findings.filter(({ severity }) => severity === 'critical' || severity === 'warning').length
  return [
    inputs.length === 1 ? undefined : counted(inputs.length, 'recording'),
    counted(severe, 'finding'),
    sockets && counted(sockets.count, 'socket'),
  ]
    .filter(Boolean)
    .join(', ')
}
