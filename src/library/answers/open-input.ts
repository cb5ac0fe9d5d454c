import { InputError, UsageError } from '../../errors.ts'
import { observationAt, type Observation } from '../../diagnose/index.ts'
import { openSource } from '../../proc/open-source.ts'
import { openHost } from '../../fleet/index.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { OpenRequest } from '../queries.ts'

/** What was opened: a /proc, or what a diagnosis recorded. */
export interface OpenedInput {
  label: string
  /** @throws InputError where a recording of a diagnosis was opened, which holds no /proc */
  source(): ProcSource
  /** What a diagnosis is made of. */
  seen: ProcSource | Observation
}

/** What would be ignored without a host. */
const FOR_HOSTS = ['sshConfig', 'become', 'timeoutMs'] as const
const LONGEST_MS = 24 * 3_600_000

export async function openInput(request: OpenRequest, signal?: AbortSignal): Promise<OpenedInput> {
  const { from, endian, host, sshConfig, become, timeoutMs } = request
  if (host !== undefined) {
    if (from !== undefined || endian !== undefined)
      throw new UsageError('host and from exclude each other', { hint: 'a host is read as it is now' })
    if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= LONGEST_MS))
      throw new UsageError(`timeoutMs is ${timeoutMs}, more than 0 and at most ${LONGEST_MS}`)
    const source = await openHost(host, { sshConfig, become, timeoutMs, signal })
    return { label: source.label, source: () => source, seen: source }
  }
  const alone = FOR_HOSTS.find(name => request[name] !== undefined)
  if (alone !== undefined) throw new UsageError(`${alone} is for another host`, { hint: 'name it with host' })
  if (from === '-')
    throw new UsageError('the standard input of a program is its own', { hint: 'write it to a file, and open that' })
  const recorded = from === undefined ? undefined : observationAt(from)
  if (recorded === undefined) {
    const source = await openSource(from, endian)
    return { label: source.label, source: () => source, seen: source }
  }
  // A report may hold a snapshot besides.
  const besides = await openSource(from, endian).catch(() => undefined)
  return {
    label: from!,
    seen: recorded,
    source() {
      if (besides !== undefined) return besides
      throw new InputError('input-format', `the recording ${from} is of a diagnosis, and holds no /proc`, {
        hint: 'diagnose() reads it; the others read what linsight snapshot save wrote',
      })
    },
  }
}
