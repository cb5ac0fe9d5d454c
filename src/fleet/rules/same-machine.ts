import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { HostAnswer } from '../model.ts'

/** Two names may lead to one machine: then each of its sockets would stand twice. The later name → the earlier one. */
export function namedTwice(answers: readonly Pick<HostAnswer, 'host' | 'sources'>[]): Map<string, string> {
  const first = new Map<string, string>()
  const twice = new Map<string, string>()
  for (const { host, sources } of answers) {
    const identity = sources[0] && identityOf(sources[0])
    if (identity === undefined) continue
    const earlier = first.get(identity)
    if (earlier === undefined) first.set(identity, host)
    else twice.set(host, earlier)
  }
  return twice
}

/** The same name, boot and network namespace. */
function identityOf(source: ProcSource): string | undefined {
  const { host, netns } = source.meta
  const text = (path: string) => optional(() => source.readFile(path).toString('latin1'))
  // Machines may start within one second.
  const boot = text('sys/kernel/random/boot_id')?.trim() ?? /^btime (\d+)$/m.exec(text('stat') ?? '')?.[1]
  return host === undefined || netns === undefined || boot === undefined ? undefined : `${host} ${netns} ${boot}`
}
