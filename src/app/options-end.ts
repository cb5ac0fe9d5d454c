import type { Command } from '@oclif/core/command'
import type { TakesCommand } from '../cli/base-command.ts'

/** What is known of a flag without loading its command. */
interface CachedFlag {
  type: 'boolean' | 'option'
  char?: string
}

/**
 * The command line with `--` before the first word that is neither an option nor an option's value, for commands that
 * run another command (`static takesCommand = 'at-operand'`): what follows that word is the other command's, as with strace.
 */
export function endOptions(argv: readonly string[], flags: Record<string, CachedFlag>): string[] {
  const takesValue = (flag: CachedFlag | undefined) => flag?.type === 'option'
  const byChar = new Map(
    Object.values(flags).flatMap(flag => (flag.char === undefined ? [] : [[flag.char, flag] as const])),
  )
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at]!
    if (word === '--') return [...argv]
    if (!word.startsWith('-') || word === '-') return [...argv.slice(0, at), '--', ...argv.slice(at)]
    if (word.startsWith('--')) {
      if (!word.includes('=') && takesValue(flags[word.slice(2)])) at += 1
      continue
    }
    // A cluster: the first letter that takes a value takes the rest of the word, or else the next word.
    for (let letter = 1; letter < word.length; letter += 1) {
      if (!takesValue(byChar.get(word[letter]!))) continue
      if (letter === word.length - 1) at += 1
      break
    }
  }
  return [...argv]
}

/**
 * Applies {@link endOptions} where the command that `argv` names asks for it. `only` is the command of a bin that stands
 * for one; otherwise the first words are the id of a command.
 */
export function endOptionsOf(
  argv: readonly string[],
  manifest: Readonly<Record<string, Command.Cached>>,
  only: string | undefined,
): string[] {
  const words = only === undefined ? (argv[0] !== undefined && argv[0] in manifest ? 1 : 2) : 0
  const id = only ?? argv.slice(0, words).join(':')
  const { takesCommand, flags = {} } = (manifest[id] ?? {}) as {
    takesCommand?: TakesCommand
    flags?: Record<string, CachedFlag>
  }
  if (takesCommand !== 'at-operand') return [...argv]
  return [...argv.slice(0, words), ...endOptions(argv.slice(words), flags)]
}
