import { MachineError } from '../../errors.ts'
import { loadLibc } from '../../libc/libc.ts'
import type { Warning } from '../../warnings.ts'
import { openClosings, type Closings } from '../diag/closings.ts'
import type { TableName } from '../model.ts'

/** The kernel's stream of ends in the own network namespace, or why there is none; undefined where none is expected. */
export async function openEndsOf(
  tables: readonly TableName[],
  isElsewhere: boolean,
): Promise<Closings | string | undefined> {
  // Unix, packet and netlink sockets end without a word.
  if (!tables.some(table => /^(tcp|udp)/.test(table))) return undefined
  if (isElsewhere) return 'they are told of the own network namespace only'
  const libc = await loadLibc()
  if (libc === undefined) return 'koffi is not installed'
  try {
    return openClosings(libc)
  } catch (error) {
    if (error instanceof MachineError) return error.message
    throw error
  }
}

/** The remark where the kernel does not tell of ends. */
export const endsUntold = (reason: string): Warning => ({
  code: 'ends-untold',
  message: `what lives between two looks is not seen, and not what a connection carried: ${reason}`,
})
