import { isUtf8 } from 'node:buffer'
import * as Args from '@oclif/core/args'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { writeOut } from '../../cli/write-out.ts'
import { asRecorded, summariseSnapshot } from '../summary.ts'
import { errnoOf, InputError } from '../../errors.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { documentPieces, type Document } from '../../terminal/json.ts'
import type { SnapshotEntry, SnapshotEntryDocument, SnapshotSummaryDocument } from '../show/documents.ts'
import { snapshotText } from '../show/text.ts'
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
    if (args.path !== undefined) return this.showEntry(source, args.path.replace(/^\/?(?:proc\/)?|\/$/g, ''))
    const { namespaces, unreadable, ...counts } = summariseSnapshot(source)
    const { host: _host, takenAt: _takenAt, users: _users, ...facts } = source.meta
    await this.emit({
      document: (): Document<SnapshotSummaryDocument, 'namespaces'> => ({
        what: 'snapshot-summary',
        origin: originOf(source),
        lists: { namespaces },
        facts: { ...facts, ...counts },
        unreadable: Object.fromEntries(unreadable),
      }),
      text: () => [snapshotText({ ...source.meta, ...counts, namespaces, unreadable })],
    })
  }

  /** The bytes as they are for a program, escaped for a person. */
  private async showEntry(source: RecordedProc, path: string): Promise<void> {
    const { kind, bytes } = entryOf(source, Buffer.from(path, 'utf8').toString('latin1'))
    if (this.common.json) {
      const content = isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') }
      const entry: Document<SnapshotEntryDocument> = {
        what: 'snapshot-entry',
        origin: originOf(source),
        facts: { path, kind, ...content },
      }
      return writeOut(documentPieces(entry, this.warnings))
    }
    if (!this.terminal.interactive) {
      process.stdout.write(bytes)
      return
    }
    const text = bytes.toString('latin1').split('\n').map(escapeBytes).join('\n')
    await writeOut([text, text.endsWith('\n') ? '' : '\n'])
  }
}

function entryOf(source: RecordedProc, path: string): { kind: SnapshotEntry['kind']; bytes: Buffer } {
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
      throw new InputError('input-missing', `the recording ${source.label} ${why}`, { cause: error })
    }
  }
}
