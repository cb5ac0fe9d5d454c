import * as Args from '@oclif/core/args'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import { didYouMean } from '../../terminal/did-you-mean.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { writeOut } from '../../cli/write-out.ts'
import { asRecorded, summariseSnapshot } from '../summary.ts'
import { errnoOf, InputError } from '../../errors.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { entryDocument, summaryDocument, type SnapshotEntry } from '../show/document.ts'
import { summaryText } from '../show/text.ts'
import type { RecordedProc } from '../../proc/recorded-proc.ts'

export default class SnapshotShow extends BaseCommand {
  static override summary = 'what is in a recording'
  static override description =
    'Says whose recording it is, which network namespaces with how many sockets and how many processes it holds, and ' +
    'what could not be read. With PATH it prints one recorded file, link or folder.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> web1.snap.json',
    '<%= config.bin %> <%= command.id %> web1.snap.json net/tcp',
    '<%= config.bin %> <%= command.id %> sosreport.tar.gz --json',
  ]
  static override args = {
    file: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'snapshot, tar archive or folder; - is stdin',
    }),
    path: Args.string({ ignoreStdin: true, description: 'below /proc, as net/tcp or 1234/fd/3' }),
  }
  static override flags = { endian: sourceFlags.endian }
  static exitCodes = exitCodes({ input: 'FILE is missing, unreadable or no recording, or holds no PATH' })

  async run(): Promise<void> {
    const { args, flags } = await this.readArguments(SnapshotShow)
    const source = asRecorded(await this.openSource({ from: args.file, endian: flags.endian }))
    if (args.path !== undefined) return this.#showEntry(source, args.path.replace(/^\/?(?:proc\/)?|\/$/g, ''))
    const summary = summariseSnapshot(source)
    await this.emit({
      document: () => summaryDocument(originOf(source), source.meta, summary),
      text: () => [summaryText(source.meta, summary, this.terminal.width)],
    })
  }

  /** The bytes as they are for a program, escaped for a person. */
  async #showEntry(source: RecordedProc, path: string): Promise<void> {
    const entry = entryOf(source, Buffer.from(path, 'utf8').toString('latin1'))
    const { bytes } = entry
    if (this.common.json)
      return this.emit({ document: () => entryDocument(originOf(source), path, entry), text: () => [] })
    if (!this.terminal.interactive) {
      process.stdout.write(bytes)
      return
    }
    const text = bytes.toString('latin1').split('\n').map(escapeBytes).join('\n')
    await writeOut([text, text.endsWith('\n') ? '' : '\n'])
  }
}

function entryOf(source: RecordedProc, path: string): SnapshotEntry {
  try {
    if (source.entries.links.has(path)) return { kind: 'link', bytes: Buffer.from(source.readLink(path), 'latin1') }
    return { kind: 'file', bytes: source.readFile(path) }
  } catch (error) {
    try {
      return {
        kind: 'folder',
        bytes: Buffer.from(
          source
            .list(path)
            .map(name => `${name}\n`)
            .join(''),
          'latin1',
        ),
      }
    } catch {
      const code = errnoOf(error)
      const why = code === 'ENOENT' ? `holds no ${path}` : `could not read ${path} when it was taken: ${code}`
      const known = [...source.entries.files.keys(), ...source.entries.links.keys()]
      const otherwise = `see what it holds: linsight snapshot show ${source.label} /`
      throw new InputError('input-missing', `the recording ${source.label} ${why}`, {
        hint: code === 'ENOENT' ? didYouMean(path, known, otherwise) : undefined,
        cause: error,
      })
    }
  }
}
