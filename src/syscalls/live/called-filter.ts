import { didYouMean } from '../../terminal/did-you-mean.ts'
import { UsageError } from '../../errors.ts'
import { isInClass } from '../../kernel/syscall-class.ts'
import { packNumber } from './counter/counter-key.ts'
import { syscallTable } from '../../kernel/syscall-names.ts'
import type { Abi } from '../../kernel/abi.ts'

/** Which calls to count, as {@link packNumber} writes them. */
export interface CalledFilter {
  numbers: number[]
  /** All but these. */
  except: boolean
}

export function isWanted(filter: CalledFilter | undefined, packed: number): boolean {
  return filter === undefined || filter.numbers.includes(packed) !== filter.except
}

const ABIS: Readonly<Record<string, Abi>> = { '64': 'native', '32': '32', x32: 'x32' }

/** The sets of `-e trace=SET` among the expressions, and the expressions that only strace understands. */
export function traceSets(expressions: readonly string[]): { sets: string[]; others: string[] } {
  const sets: string[] = []
  const others: string[] = []
  for (const expression of expressions) {
    const [, key, value] = /^(\w+)=(.*)$/s.exec(expression) ?? []
    if (key === undefined) sets.push(expression)
    else if (key === 'trace' || key === 't') sets.push(value!)
    else others.push(expression)
  }
  return { sets, others }
}

/**
 * What a set of strace's means in numbers: names, `%file` and other groups, `/regex`, `?name` that need not exist, `!`
 * before all of it, `@64`, `@32`, `@x32` after each, `all`, `none`. The last set given counts, as with strace.
 *
 * @throws UsageError where a name is no system call of this machine
 */
export function calledFilter(sets: readonly string[], machine: string): CalledFilter | undefined {
  const last = sets.at(-1)
  if (last === undefined || last === 'all') return undefined
  const except = last.startsWith('!')
  const set = except ? last.slice(1) : last
  if (set === 'all' || set === 'none') return set === 'none' && except ? undefined : { numbers: [], except: false }
  return { numbers: [...new Set(set.split(',').flatMap(word => numbersOf(word, machine)))], except }
}

function numbersOf(word: string, machine: string): number[] {
  const [, optional, text, only] = /^(\?*)(.*?)(?:@(64|32|x32))?$/s.exec(word)!
  const matches = matcherOf(text!)
  const numbers = (['native', '32', 'x32'] as const)
    .filter(abi => only === undefined || ABIS[only] === abi)
    .flatMap(abi =>
      [...syscallTable(machine, abi)]
        .filter(([number, name]) => matches(name, number))
        .map(([number]) => packNumber(abi, number)),
    )
  if (numbers.length === 0 && optional === '') {
    throw new UsageError(`-e trace= names ${text}, which is no system call of ${machine}`, {
      hint: didYouMean(text!, syscallTable(machine, 'native').values(), 'write ?NAME where a call need not exist'),
    })
  }
  return numbers
}

function matcherOf(text: string): (name: string, number: number) => boolean {
  if (text.startsWith('/')) {
    try {
      const pattern = new RegExp(text.slice(1))
      return name => pattern.test(name)
    } catch {
      throw new UsageError(`-e trace= has ${text}, which is no regular expression`)
    }
  }
  if (text.startsWith('%')) {
    const group = text.slice(1)
    if (isInClass(group, '') === undefined)
      throw new UsageError(`-e trace= names ${text}, which is no group known here`)
    return name => isInClass(group, name) === true
  }
  return /^\d+$/.test(text) ? (_, number) => number === Number(text) : name => name === text
}
