import { UsageError } from '../errors.ts'
import { closest, didYouMean } from '../terminal/did-you-mean.ts'

/** An error of oclif's own: a bad flag, an unknown command, or an exit it asks for. */
export interface OclifError extends Error {
  oclif?: { exit?: number }
  code?: string
  parse?: { input?: { flags?: Readonly<Record<string, unknown>> } }
  /** Of an unknown flag. */
  flags?: readonly string[]
  /** Of arguments that are missing. */
  args?: readonly { name: string; description?: string }[] | readonly string[]
}

/** Where on the command line an error came from. */
export interface UsageContext {
  bin: string
  /** `snapshot show`; absent where no command was found, or the bin is one. */
  command?: string | undefined
  /** Every command of the bin, as it is typed. */
  commands?: readonly string[] | undefined
  /** The command line. */
  words?: readonly string[] | undefined
}

/** oclif's usage errors span several lines and may end in the whole help text; ours are one sentence and the next step. */
export function usageError(
  error: OclifError,
  { bin, command, commands = [], words: line = [] }: UsageContext,
): UsageError {
  const help = `see ${[bin, command].filter(Boolean).join(' ')} --help`
  const message = error.message.replace(/\nSee more help with --help[^]*$/, '')
  const unknown =
    /^Nonexistent flags?: (.*)$/s.exec(message)?.[1] ?? /^[Cc]ommand (-.*) not found\.?$/s.exec(message)?.[1]
  if (unknown !== undefined) {
    const [first = unknown] = error.flags ?? unknown.split(', ')
    // Without the dashes, which all have in common.
    const meant = closest(first.replace(/^--?|=.*$/gs, ''), Object.keys(error.parse?.input?.flags ?? {}))
    return new UsageError(`there is no flag ${error.flags?.join(', ') ?? unknown}`, {
      hint: meant === undefined ? help : `did you mean --${meant}?`,
    })
  }
  const id = /^[Cc]ommand (.*) not found\.?$/s.exec(message)?.[1]?.replaceAll(':', ' ')
  if (id !== undefined) {
    const [first = '', ...more] = id.split(' ')
    if (more.length > 0 && commands.includes(first))
      return new UsageError(`${first} takes no ${more.join(' ')}`, { hint: `see ${bin} ${first} --help` })
    return new UsageError(`there is no command ${id}`, { hint: commandHint(id, commands, help) })
  }
  if (/^Missing \d+ required arg/.test(message)) {
    const missing = (error.args ?? []).flatMap(arg => (typeof arg === 'string' ? [] : [arg]))
    const named = missing.map(({ name, description }) => `${name.toUpperCase()} (${description ?? ''})`)
    return new UsageError(`${named.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`, { hint: help })
  }
  const surplus = /^Unexpected arguments?: (.*)$/s.exec(message)?.[1]
  if (surplus !== undefined) {
    const words = surplus.split(', ')
    return new UsageError(`${surplus} ${words.length === 1 ? 'is one word' : `are ${words.length} words`} too many`, {
      hint: help,
    })
  }
  const [, option, value, among] = /^Expected (?:--([\w-]+)=)?(.*) to be one of: (.*)$/s.exec(message) ?? []
  if (value !== undefined && among !== undefined) {
    const meant = closest(value, among.split(', '))
    const words = option === undefined ? value : `--${option} ${value}`
    return new UsageError(`${words} is none of ${among}`, {
      hint: meant === undefined ? help : `did you mean ${meant}?`,
    })
  }
  const [, lonely, values] = /^Flag (--[\w-]+) expects (?:a value|one of these values: (.*))$/s.exec(message) ?? []
  if (lonely !== undefined) {
    // oclif takes --from=-x for two flags.
    const dashed = line.find(word => /^--[\w-]+=-/.test(word) && lonely.startsWith(word.replace(/=.*$/s, '')))
    if (dashed !== undefined) {
      const given = dashed.slice(dashed.indexOf('=') + 1)
      return new UsageError(`${lonely} cannot be ${given}: no value begins with -`, {
        hint: lonely === '--host' ? help : `a file of that name is written ./${given}`,
      })
    }
    return new UsageError(`${lonely} needs a value${values === undefined ? '' : `: ${values}`}`, { hint: help })
  }
  const [, flag, number] = /^Parsing (--[\w-]+) ?\n\tExpected an integer but received: (.*)$/s.exec(message) ?? []
  if (flag !== undefined) return new UsageError(`${flag} ${number} is no whole number`, { hint: help })
  const [, low, least, tooLow] =
    /^Parsing (--[\w-]+) ?\n\tExpected an integer greater than or equal to (\d+) but received: (.*)$/s.exec(message) ??
    []
  if (low !== undefined) return new UsageError(`${low} ${tooLow} is less than ${least}`, { hint: help })
  return new UsageError(message.replace(/\s*\n\s*/g, '; '), { hint: help })
}

/** Of `snapsho show` the first word is wrong, of `snapshot shw x` the second. */
function commandHint(id: string, commands: readonly string[], help: string): string {
  const words = id.split(' ')
  const topics = new Set(commands.flatMap(name => (name.includes(' ') ? [name.split(' ')[0]!] : [])))
  const asked = words.slice(0, commands.includes(words[0]!) ? 1 : 2).join(' ')
  return didYouMean(asked, commands) ?? didYouMean(words[0]!, [...commands, ...topics], help) ?? help
}
