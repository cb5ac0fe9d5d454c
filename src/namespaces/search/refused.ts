import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { holdersOf, type HolderSearch } from './found.ts'

/**
 * Finds the namespaces of processes whose links were refused: their tables may be read by everyone, and a file of
 * `/proc/PID/net` has one number within a namespace and another one in every other. A namespace that only such processes
 * are in gets a name made of that number, `net:?[4026532252]`.
 */
export function groupRefused(source: ProcSource, search: HolderSearch): void {
  if (search.refused.size === 0) return
  const numberOf = (folder: string) => source.fileNumber?.(`${folder}net/dev`)
  const own = source.meta.netns ?? optional(() => source.readLink('self/ns/net'))
  const ownNumber = numberOf('')
  const elsewhere: [pid: number, number: string][] = []
  for (const pid of search.refused) {
    const number = numberOf(`${pid}/`)
    if (number === undefined) search.hidden.push(pid)
    else if (number === ownNumber && own !== undefined) addProcess(search, own, pid)
    else elsewhere.push([pid, number])
  }
  if (elsewhere.length === 0) return
  const names = new Map<string, string>()
  for (const [name, { processes }] of search.found) {
    const number = name === own ? undefined : firstOf(processes, pid => numberOf(`${pid}/`))
    if (number !== undefined) names.set(number, name)
  }
  for (const [pid, number] of elsewhere) addProcess(search, names.get(number) ?? `net:?[${number}]`, pid)
}

function addProcess(search: HolderSearch, name: string, pid: number): void {
  const { processes } = holdersOf(search, name)
  processes.push(pid)
  processes.sort((a, b) => a - b)
}

/** Members that are asked: some may end meanwhile. */
const MOST_ASKED = 4

function firstOf<T, R>(items: readonly T[], map: (item: T) => R | undefined): R | undefined {
  for (const item of items.slice(0, MOST_ASKED)) {
    const result = map(item)
    if (result !== undefined) return result
  }
  return undefined
}
