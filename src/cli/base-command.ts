import { Command } from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import type { InferredArgs, InferredFlags, ParserOutput } from '@oclif/core/interfaces'
import { UsageError } from '../errors.ts'
import type { Warning } from '../warnings.ts'
import type { OutputStream } from '../files/write-file.ts'
import { documentLine, documentPieces, type AnyDocument } from '../terminal/json.ts'
import type { Endianness, ProcSource } from '../proc/proc-source.ts'
export { originOf } from '../proc/origin.ts'
import type { Completions } from './completions.ts'
import { LinsightHelp } from './help.ts'
import { openSource } from '../proc/open-source.ts'
import { printRemark } from './print-remark.ts'
import { reportError } from './report-error.ts'
import { writeOut } from './write-out.ts'
import { terminalOf, type ColorChoice, type Terminal } from './terminal.ts'

/** Flags every command has. */
const commonFlags = {
  json: Flags.boolean({ description: 'one JSON document on stdout instead of text', helpGroup: 'output' }),
  color: Flags.option({
    options: ['auto', 'always', 'never'] as const,
    default: 'auto',
    description: 'when to colour (NO_COLOR is honoured)',
    helpGroup: 'output',
  })(),
  help: Flags.boolean({ char: 'h', description: 'this text' }),
  version: Flags.boolean({ char: 'V', description: 'name and version' }),
}

/** Flags of commands that read /proc, live or recorded. */
export const sourceFlags = {
  from: Flags.string({
    env: 'LINSIGHT_FROM',
    helpValue: 'PATH',
    description:
      'read a recording instead of this machine: a snapshot, a folder shaped like /proc, or a tar archive of one',
    helpGroup: 'source',
  }),
  endian: Flags.option({
    options: ['little', 'big'] as const,
    description: 'byte order of the recorded machine, where the recording does not tell',
    helpGroup: 'source',
  })(),
}

/** A report in both its forms; only the one that is asked for is made. */
export interface Report {
  document: () => AnyDocument
  text: () => Iterable<string> | Promise<Iterable<string>>
  /** Of a stream of reports: what this one is. */
  type?: string | undefined
}

/** Where a report goes: stderr where stdout is another program's; into a file, or to the end of one that gets several. */
export type Destination = 'stdout' | 'stderr' | { file: string; append: boolean }

/** What all commands share: common flags, opening the source, remarks on stderr, errors as one sentence. */
export abstract class BaseCommand extends Command {
  static override baseFlags = commonFlags
  /**
   * Set where the command line may end in another command: `at-operand` where the first operand begins it, as with
   * strace, `behind-dashes` where `--` does. Read from the manifest by app/options-end.ts, too.
   */
  static takesCommand?: TakesCommand
  /** What shells complete its flags and operands with: into the manifest, see src/completion. */
  static completions?: Completions
  /** Result of {@link readArguments}. */
  protected common!: { json: boolean; color: ColorChoice }
  /** Every remark of this run, for the `warnings` of the JSON document. */
  protected readonly warnings: Warning[] = []
  private readonly streams = new Map<string, Promise<OutputStream>>()

  /** Parses the command line against the statics of `command`; answers a clustered `-h` or `-V` itself. */
  protected async readArguments<C extends CommandStatics>(command: C): Promise<Parsed<C>> {
    const parsed = (await this.parse(command as never)) as ParserOutput
    const flags = parsed.flags as { help?: boolean; version?: boolean; json: boolean; color: ColorChoice }
    if (flags.help) {
      await new LinsightHelp(this.config, { ...this.config.pjson.oclif.helpOptions }).showHelp([this.id ?? ''])
      this.exit(0)
    }
    if (flags.version) {
      process.stdout.write(`${this.config.userAgent}\n`)
      this.exit(0)
    }
    this.common = flags
    refuseEmptyPaths(parsed.flags)
    // oclif sorts the operands by where each first stood: of `a b a` it makes `a a b`.
    const argv = parsed.raw.filter(token => token.type === 'arg').map(token => token.input)
    return { ...parsed, argv, command: this.commandBehindDashes(command, argv) }
  }

  /** The other command of a command line, see {@link BaseCommand.takesCommand}. */
  private commandBehindDashes({ takesCommand, args }: CommandStatics, operands: readonly string[]): string[] {
    if (takesCommand === undefined) return []
    const dashes = this.argv.indexOf('--')
    const command = dashes === -1 ? [] : this.argv.slice(dashes + 1)
    if (dashes !== -1 && command.length === 0 && takesCommand === 'behind-dashes')
      throw new UsageError('no command behind --', { hint: 'name the command to trace, or leave the dashes out' })
    const surplus = operands.slice(0, operands.length - command.length)[Object.keys(args ?? {}).length]
    if (surplus !== undefined) {
      throw new UsageError(`${surplus} is one word too many`, { hint: 'a command to trace stands behind --' })
    }
    return command
  }

  /** Where the parts of a command that know no oclif put their warnings. */
  protected get warningSink(): { warnings: readonly Warning[]; remark(warning: Warning): void } {
    return { warnings: this.warnings, remark: warning => this.remark(warning) }
  }

  /** The live /proc, or the recording that `--from` names. */
  protected async openSource(flags: {
    from?: string | undefined
    endian?: Endianness | undefined
  }): Promise<ProcSource> {
    // A command opens no relative path while it reads sources.
    const source = await openSource(flags.from, flags.endian, { enterFolders: true })
    for (const warning of source.remarks ?? []) this.remark(warning)
    return source
  }

  protected get terminal(): Terminal {
    return terminalOf(process.stdout, this.common.color, process.env)
  }

  /** Writes a report as one JSON document, as one JSON line of a stream, or as text. */
  protected async emit({ document, text, type }: Report, to: Destination = 'stdout'): Promise<void> {
    const pieces = this.common.json ? this.jsonPieces(document(), type) : await text()
    if (to === 'stdout') await writeOut(pieces)
    else if (to === 'stderr') process.stderr.write([...pieces].join(''))
    else if (to.append) await (await this.outputStream(to.file)).write(pieces)
    else await (await fileWriter()).writeFile(to.file, pieces)
  }

  /** Open until the command ends. */
  private outputStream(file: string): Promise<OutputStream> {
    const stream = this.streams.get(file) ?? fileWriter().then(({ openStream }) => openStream(file))
    this.streams.set(file, stream)
    return stream
  }

  /** Writes the JSON document into a file, also where stdout gets text. */
  protected async record(file: string, document: AnyDocument): Promise<void> {
    const { writeFile } = await fileWriter()
    await writeFile(file, documentPieces(document, this.warnings), { what: 'the recording', ownerOnly: true })
  }

  private jsonPieces(document: AnyDocument, type: string | undefined): Iterable<string> {
    return type === undefined ? documentPieces(document, this.warnings) : [documentLine(type, document, this.warnings)]
  }

  /** Prints a warning on stderr and keeps it for the JSON document, which then holds it instead. */
  protected remark(warning: Warning): void {
    this.warnings.push(warning)
    if (this.common.json) return
    printRemark(this.config.bin, warning.message, warning.hint)
  }

  /** Prints progress on stderr; it is no part of the result. */
  protected say(text: string): void {
    printRemark(this.config.bin, text)
  }

  protected override async catch(error: Error): Promise<void> {
    const { bin, isSingleCommandCLI } = this.config
    const command = isSingleCommandCLI ? undefined : this.id?.replaceAll(':', ' ')
    process.exitCode = reportError(error, this.argv, { bin, command })
  }
}

/** Loaded only where a file is written: most commands do not, and start sooner. */
const fileWriter = () => import('../files/write-file.ts')

/** Flags that name a file or folder: an empty one is a variable that was not set. */
const PATH_FLAGS = ['from', 'before', 'diff', 'output', 'record', 'flame', 'textfile', 'web-config']

function refuseEmptyPaths(flags: Readonly<Record<string, unknown>>): void {
  const empty = PATH_FLAGS.find(name => [flags[name]].flat().includes(''))
  if (empty !== undefined) throw new UsageError(`--${empty} is empty`, { hint: 'name a file, or leave the flag out' })
}

export type TakesCommand = 'at-operand' | 'behind-dashes'

interface CommandStatics {
  flags: object
  args?: object
  takesCommand?: TakesCommand
}

interface Parsed<C extends CommandStatics> {
  flags: InferredFlags<C['flags']>
  args: InferredArgs<NonNullable<C['args']>>
  /** Every operand, in order. */
  argv: string[]
  /** The other command at the end of the line, where the command takes one. */
  command: string[]
}
