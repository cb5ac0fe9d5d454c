import { readlinkSync, statSync } from 'node:fs'
import { errnoOf, MachineError, optional, SourceReadError } from '../errors.ts'
import type { Libc } from '../libc/libc.ts'
import { inNetworkNamespace } from '../libc/network-namespace.ts'
import type { NetworkNamespace } from './model.ts'

const HERE = '/proc/thread-self/ns/net'

/** Where this thread is by {@link enterNamespace}: to enter it once more costs nothing. */
let entered: NetworkNamespace | undefined

/**
 * Calls `fn` in the namespace: by the first entrance that is still one of it, since a pid or a descriptor may belong to
 * something else by now. Throws a SourceReadError where there is none (ENOENT) or the kernel refuses (EPERM).
 */
export function enterNamespace<T>(libc: Libc, namespace: NetworkNamespace, fn: () => T): T {
  if (entered === namespace) return fn()
  const outcome = tryEntrances(libc, namespace, fn)
  if (typeof outcome === 'string') throw new SourceReadError(outcome, namespace.name)
  return resultOf(outcome)
}

/** The same, but where the namespace cannot be entered `fn` is called outside: for what only gets faster inside. */
export function enterIfPossible<T>(libc: Libc, namespace: NetworkNamespace, fn: () => T): T {
  if (entered === namespace) return fn()
  const outcome = tryEntrances(libc, namespace, fn)
  return typeof outcome === 'string' ? fn() : resultOf(outcome)
}

/** What `fn` did in the namespace, or the errno name of why it was not entered. */
function tryEntrances<T>(libc: Libc, namespace: NetworkNamespace, fn: () => T): Outcome<T> | string {
  let reason = 'ENOENT'
  for (const entrance of namespace.entrances) {
    const path = Buffer.from(`/proc/${entrance}`, 'latin1')
    if (!isNamespaceFile(path, namespace)) continue
    const outcome = errnoIfRefused(() =>
      inNetworkNamespace(libc, path, () => (readlinkSync(HERE) === namespace.name ? inside(namespace, fn) : undefined)),
    )
    if (typeof outcome === 'string') reason = outcome
    else if (outcome !== undefined) return outcome
  }
  return reason
}

/**
 * Whether the namespace stands there, before anything is opened: at a place that another root chose there may be a pipe by
 * now, whose opening would wait for ever.
 */
function isNamespaceFile(path: Buffer, { inode }: NetworkNamespace): boolean {
  const stats = optional(() => statSync(path, { bigint: true }))
  return stats?.isFile() === true && String(stats.ino) === inode
}

/** What fn itself throws is no reason to try another entrance. */
type Outcome<T> = { value: T } | { error: unknown }

function inside<T>(namespace: NetworkNamespace, fn: () => T): Outcome<T> {
  const before = entered
  entered = namespace
  try {
    return { value: fn() }
  } catch (error) {
    return { error }
  } finally {
    entered = before
  }
}

function resultOf<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw outcome.error
  return outcome.value
}

function errnoIfRefused<T>(enter: () => T): T | string {
  try {
    return enter()
  } catch (error) {
    return error instanceof MachineError ? 'EPERM' : errnoOf(error)
  }
}
