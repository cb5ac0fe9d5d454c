import { CommandHelp, Help } from '@oclif/core/help'

/** Sections a command may add to its help as statics; their text is printed as it stands. */
const OWN_SECTIONS = [
  ['fields', 'FIELDS'],
  ['overhead', 'OVERHEAD'],
  ['exitCodes', 'EXIT CODES'],
] as const

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
      generate: () => (typeof command[key] === 'string' ? command[key].trim() : undefined),
    }))
    return [...stock, ...own]
  }
}

export class LinsightHelp extends Help {
  protected override CommandHelpClass = LinsightCommandHelp
}
