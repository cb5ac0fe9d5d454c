import { UsageError } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { filterRequest, prepareFilter, type SocketFilter } from '../../sockets/index.ts'

/** The filter that words are; undefined of none. Throws a UsageError where they are no filter. */
export async function filterOf(text: string, source: ProcSource): Promise<SocketFilter | undefined> {
  if (text.trim() === '') return undefined
  return prepareFilter(source, filterRequest([text], ['tcp', 'tcp6']))
}

/** The same, with the reason in one line where it is none. */
export async function tryFilter(text: string, source: ProcSource): Promise<SocketFilter | undefined | string> {
  try {
    return await filterOf(text, source)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return error.message.split('\n')[0]!
  }
}
