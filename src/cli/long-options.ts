import { UsageError } from '../errors.ts'

interface LongOption {
  aliases?: string[] | undefined
  /** Not in the help; still a name that can be meant. */
  hidden?: boolean | undefined
}

/**
 * A command line with every unambiguous beginning of a long option written out, as getopt_long(3) takes it: `--tim` is
 * `--timers`. Words behind `--` and unknown options stay as they are.
 *
 * @param values Options with a value: the word behind one is its value, whatever it looks like.
 * @param first Options whose beginnings count before those of others: what another program's scripts write.
 */
export function withFullNames(
  argv: readonly string[],
  options: Readonly<Record<string, LongOption>>,
  values: ReadonlySet<string>,
  first: ReadonlySet<string> = new Set(),
): string[] {
  const names = Object.entries(options).flatMap(([name, { aliases = [] }]) =>
    [name, ...aliases.filter(alias => alias.length > 1)].map(spelling => ({ name, spelling })),
  )
  const result: string[] = []
  let isValue = false
  for (const [at, word] of argv.entries()) {
    if (word === '--') return [...result, ...argv.slice(at)]
    const written: Written = isValue ? NO_OPTION : optionOf(word)
    const full = written.begun === undefined ? undefined : (fullName(written.begun, names, first) ?? written.begun)
    isValue = full !== undefined && written.value === '' && values.has(full)
    result.push(full === undefined ? word : `--${full}${written.value}`)
  }
  return result
}

interface Written {
  begun: string | undefined
  /** With its `=`; empty where there is none. */
  value: string
}

const NO_OPTION: Written = { begun: undefined, value: '' }

function optionOf(word: string): Written {
  const [, begun, value = ''] = /^--([a-z][a-z0-9-]*)(=[^]*)?$/.exec(word) ?? []
  return { begun, value }
}

function fullName(
  begun: string,
  names: readonly { name: string; spelling: string }[],
  first: ReadonlySet<string>,
): string | undefined {
  const exact = names.find(({ spelling }) => spelling === begun)
  if (exact !== undefined) return begun
  const fitting = names.filter(({ spelling }) => spelling.startsWith(begun))
  const preferred = fitting.filter(({ name }) => first.has(name))
  const meant = preferred.length > 0 ? preferred : fitting
  const different = meant.filter(({ name }, at) => meant.findIndex(other => other.name === name) === at)
  if (different.length > 1) {
    throw new UsageError(`--${begun} may be ${different.map(({ spelling }) => `--${spelling}`).join(' or ')}`, {
      hint: 'write one of them out',
    })
  }
  return meant[0]?.spelling
}
