import { readlinkSync } from 'node:fs'
import { errnoOf, MachineError, SourceReadError } from '../errors.ts'
import type { Libc } from '../libc/libc.ts'
import { inNetworkNamespace } from '../libc/network-namespace.ts'
import type { NetworkNamespace } from './model.ts'

const HERE = '/proc/thread-self/ns/net'

/**
 * Calls `fn` in the namespace: by the first entrance that is still one of it, since a pid or a descriptor may belong to
 * something else by now. Throws a SourceReadError where there is none (ENOENT) or the kernel refuses (EPERM).
 */
export function enterNamespace<T>(libc: Libc, { name, entrances }: NetworkNamespace, fn: () => T): T {
  let reason = 'ENOENT'
  for (const entrance of entrances) {
    // What fn itself throws is no reason to try another entrance.
    const entered = attempt(() =>
      inNetworkNamespace(libc, Buffer.from(`/proc/${entrance}`, 'latin1'), () =>
        readlinkSync(HERE) === name ? outcomeOf(fn) : undefined,
      ),
    )
    if (typeof entered === 'string') reason = entered
    else if (entered !== undefined) {
      if ('error' in entered) throw entered.error
      return entered.value
    }
  }
  throw new SourceReadError(reason, name)
}

type Outcome<T> = { value: T } | { error: unknown }

function outcomeOf<T>(fn: () => T): Outcome<T> {
  try {
    return { value: fn() }
  } catch (error) {
    return { error }
  }
}

/** The errno name of a failure. */
function attempt<T>(enter: () => T): T | string {
  try {
    return enter()
  } catch (error) {
    return error instanceof MachineError ? 'EPERM' : errnoOf(error)
  }
}
