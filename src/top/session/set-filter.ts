import { UsageError } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { filterRequest, prepareFilter, type SocketFilter } from '../../sockets/index.ts'

/** A filter, and the words it is made of; undefined of none. */
export interface ReadFilter {
  text: string
  filter: SocketFilter | undefined
}

/**
 * The filter that words are. One word that is no port and no word of a filter is an address of either end, or a part of a
 * program's name. Throws a UsageError where they are no filter.
 */
export async function filterOf(text: string, source: ProcSource): Promise<ReadFilter> {
  const { request, read } = requestOf(text)
  return { text: read, filter: request && (await prepareFilter(source, request)) }
}

/** The same, with the reason in one line where it is none. While it is being `typed` no name is looked up. */
export async function tryFilter(text: string, source: ProcSource, typed = false): Promise<ReadFilter | string> {
  try {
    const [name] = typed ? (requestOf(text).request?.hostNames ?? []) : []
    if (name !== undefined) return `${name.name} is looked up when you press Enter`
    return await filterOf(text, source)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message.split('\n')[0]!
  }
}

function requestOf(text: string): { request: ReturnType<typeof filterRequest> | undefined; read: string } {
  const read = text.trim()
  if (read === '') return { request: undefined, read }
  try {
    return { request: filterRequest([read], TABLES), read }
  } catch (error) {
    if (!(error instanceof UsageError) || error.message !== `${read} is no port`) throw error
    const meant = meantBy(read)
    if (meant === undefined) throw error
    return { request: filterRequest([meant], TABLES), read: meant }
  }
}

const TABLES = ['tcp', 'tcp6'] as const

const ADDRESS = /^(\d+\.[\d./]*|\[?[\da-f]*:[\da-f:./\]]*)$/i
const NAME = /^[\w.@+-]+$/

function meantBy(word: string): string | undefined {
  if (ADDRESS.test(word)) return `src ${word} or dst ${word}`
  return NAME.test(word) && !/^[\d.+-]+$/.test(word) ? `program ~ *${word}*` : undefined
}
