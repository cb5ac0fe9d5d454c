/**
 * The words of a line of iptables-save. A word with blanks or quotes stands in double quotes, in which a backslash keeps
 * the next character. Source: iptables libxtables/xtables.c, xtables_save_string.
 */
export function iptablesWords(line: string): string[] {
  const words: string[] = []
  for (const [, quoted, plain] of line.matchAll(/"((?:[^"\\]|\\[^])*)(?:"|$)|([^\s"]+)/g))
    words.push(plain ?? quoted!.replace(/\\([^])/g, '$1'))
  return words
}

/** An option with its arguments, in the context of the last `-m` or `-j` before it. */
export interface IptablesOption {
  /** `-s`, `--dport`. */
  name: string
  not: boolean
  values: string[]
  /** Name behind the last `-m`; undefined before the first. */
  module: string | undefined
}

/** A rule as options; `-m` and `-j` are their own. */
export function iptablesOptions(words: readonly string[]): IptablesOption[] {
  const options: IptablesOption[] = []
  let not = false
  let module: string | undefined
  for (const word of words) {
    if (word === '!') {
      not = true
    } else if (/^-(?:[A-Za-z]|-[a-z])/.test(word)) {
      options.push({ name: word, not, values: [], module })
      not = false
    } else {
      const option = options.at(-1)
      option?.values.push(word)
      if (option?.name === '-m') module = option.module = word
    }
  }
  return options
}
