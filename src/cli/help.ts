import { CommandHelp, Help } from '@oclif/core/help'
import { entryLayout, reflow } from '../terminal/reflow.ts'
import { wrap } from '../terminal/wrap.ts'

/** Lines are no longer than this on a wide terminal, and as long where the output is none. */
const MOST_COLUMNS = 100
const LEAST_COLUMNS = 40

/** Columns for help: those of the terminal or of COLUMNS, within limits. */
export function helpWidth(stream: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv): number {
  const columns = (stream.isTTY === true && stream.columns) || Number(env['COLUMNS']) || MOST_COLUMNS
  return Math.max(LEAST_COLUMNS, Math.min(columns, MOST_COLUMNS))
}

/** Sections a command may add to its help as statics, see {@link reflow}. */
const OWN_SECTIONS = [
  ['filter', 'FILTER'],
  ['fields', 'FIELDS'],
  ['conditions', 'CONDITIONS'],
  ['overhead', 'OVERHEAD'],
  ['exitCodes', 'EXIT CODES'],
] as const

const CONTINUED = ' \\'
const EXAMPLE_INDENT = 4

const ORDER = ['EXAMPLES', 'USAGE', 'ARGUMENTS', 'FLAGS']

/** oclif's command help with examples first and the sections of {@link OWN_SECTIONS} at the end. */
class LinsightCommandHelp extends CommandHelp {
  protected override sections(): ReturnType<CommandHelp['sections']> {
    const stock = super.sections()
    const rank = (header: string) => {
      const at = ORDER.indexOf(header)
      return at === -1 ? ORDER.length : at
    }
    stock.sort((a, b) => rank(a.header) - rank(b.header))
    const command = this.command as unknown as Record<string, unknown>
    const own = OWN_SECTIONS.map(([key, header]) => ({
      header,
      generate: () => (typeof command[key] === 'string' ? reflow(command[key], this.width) : undefined),
    }))
    return [...stock, ...own]
  }

  /** Summary and description; line ends in their source mean nothing. */
  protected override description(): string | undefined {
    return super.description() && reflow([this.command.summary, this.command.description].join('\n\n'), this.width)
  }

  /** At words, where oclif would cut through them. */
  override wrap(body: string, spacing = this.indentSpacing): string {
    return this.render(body)
      .split('\n')
      .map(line => wrap(line, this.opts.maxWidth - spacing, 0))
      .join('\n')
  }

  /** Flags and arguments: names, and what they mean. */
  override renderList(input: Parameters<CommandHelp['renderList']>[0]): string {
    const entry = entryLayout(
      input.map(([name]) => name ?? ''),
      this.width,
    )
    return input.map(([name, text]) => entry(name ?? '', text ?? '')).join('\n')
  }

  /** What it is for and the command below; one that is too long goes on behind a backslash, so that it can be copied. */
  protected override examples(examples: Parameters<CommandHelp['examples']>[0]): string | undefined {
    return super
      .examples(examples)
      ?.split('\n')
      .filter(line => line !== '')
      .map(line => wrap(line, this.width - CONTINUED.length, EXAMPLE_INDENT).replaceAll('\n', `${CONTINUED}\n`))
      .join('\n')
  }

  private get width(): number {
    return this.opts.maxWidth - this.indentSpacing
  }
}

export class LinsightHelp extends Help {
  protected override CommandHelpClass = LinsightCommandHelp

  protected override summary(command: Parameters<Help['summary']>[0]): string | undefined {
    const summary = super.summary(command)
    return summary && wrap(summary, this.opts.maxWidth, 0)
  }

  protected override formatTopic(topic: Parameters<Help['formatTopic']>[0]): string {
    return super
      .formatTopic(topic)
      .split('\n')
      .map(line => wrap(line, this.opts.maxWidth, 4))
      .join('\n')
  }
}
