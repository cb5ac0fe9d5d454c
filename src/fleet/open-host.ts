import { MachineError, UsageError, type LinsightError } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { askHosts, type FleetOptions } from './ask-hosts.ts'
import { parseHosts } from './hosts/parse-hosts.ts'
import type { HostFailure } from './model.ts'

/**
 * A host as a recording of its /proc, read once over the user's own ssh: whatever reads a recording reads it.
 *
 * @throws LinsightError where the name is none, or the host gave no answer
 */
export async function openHost(host: string, options: FleetOptions = {}): Promise<ProcSource> {
  const names = parseHosts(host)
  if (names.length > 1)
    throw new UsageError(`${host} names ${names.length} hosts, and one is opened at a time`, {
      hint: `open them one by one: ${names[0]}`,
    })
  const { answers, failures } = await askHosts(names, {}, options)
  const source = answers[0]?.sources[0]
  if (source === undefined) throw hostError(failures[0]!)
  return source
}

/** The error of a host that is the only one asked. */
export function hostError({ message, hint }: HostFailure): LinsightError {
  return new MachineError('host-unanswered', message, { hint })
}
