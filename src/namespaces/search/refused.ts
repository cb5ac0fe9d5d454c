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
  const names = new Map<string, string>()
  const numberOf = (folder: string) => source.fileNumber?.(`${folder}net/dev`)
  const own = source.meta.netns ?? optional(() => source.readLink('self/ns/net'))
  const ownNumber = numberOf('')
  if (own !== undefined && ownNumber !== undefined) names.set(ownNumber, own)
  for (const [name, { processes }] of search.found) {
    if (name === own) continue
    const number = firstOf(processes, pid => numberOf(`${pid}/`))
    if (number !== undefined) names.set(number, name)
  }
  for (const pid of search.refused) {
    const number = numberOf(`${pid}/`)
    if (number === undefined) {
      search.hidden.push(pid)
      continue
    }
    const { processes } = holdersOf(search, names.get(number) ?? `net:?[${number}]`)
    processes.push(pid)
    processes.sort((a, b) => a - b)
  }
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
