import type { Command } from '@oclif/core/command'

/** What is known of a flag without loading its command. */
interface CachedFlag {
  type: 'boolean' | 'option'
  char?: string
}

/**
 * The command line with `--` before the first word that is neither an option nor an option's value, for commands that
 * run another command (`static startsCommand = true`): what follows that word is the other command's, as with strace.
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

/** Applies {@link endOptions} where the command asks for it; `words` of the command line are its id. */
export function endOptionsOf(argv: readonly string[], command: Command.Cached | undefined, words: number): string[] {
  const { startsCommand, flags } = (command ?? {}) as unknown as {
    startsCommand?: boolean
    flags?: Record<string, CachedFlag>
  }
  if (startsCommand !== true) return [...argv]
  return [...argv.slice(0, words), ...endOptions(argv.slice(words), flags ?? {})]
}
