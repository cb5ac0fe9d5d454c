import { UsageError } from '../../errors.ts'
import type { FleetOptions } from '../ask-hosts.ts'
import { namedHosts } from '../hosts/named-hosts.ts'
import type { HostFlags } from './host-flags.ts'

/** The hosts of a command line, and how they are asked. */
export interface HostChoice {
  hosts: string[]
  options: FleetOptions
}

type Flags = HostFlags & { from?: string | undefined; endian?: string | undefined }

/** What would be ignored without hosts. A configuration may stand in the environment. */
const FOR_HOSTS = ['become', 'parallel', 'host-timeout', 'agentless'] as const

/**
 * Which hosts are asked; undefined where it is this machine or a recording. `version` is ours.
 *
 * @throws UsageError for names that are none, and for flags that do not fit together
 */
export function hostsOf(flags: Flags, version: string): HostChoice | undefined {
  const { host, 'hosts-file': file } = flags
  if (host === undefined && file === undefined) {
    const alone = FOR_HOSTS.find(name => flags[name] !== undefined && flags[name] !== false)
    if (alone !== undefined) throw new UsageError(`--${alone} is for other hosts`, { hint: 'name them with --host' })
    return undefined
  }
  const beside = (['from', 'endian'] as const).find(name => flags[name] !== undefined)
  if (beside !== undefined)
    throw new UsageError(`--host and --${beside} do not go together`, {
      hint: '--from reads a recording, --host asks a machine (LINSIGHT_FROM counts as --from)',
    })
  return {
    hosts: namedHosts(host, file, process.env),
    options: {
      parallel: flags.parallel,
      timeoutMs: flags['host-timeout'],
      sshConfig: flags['ssh-config'],
      become: flags.become,
      ...(!flags.agentless && { version }),
    },
  }
}

/** The only host of a question that is about one. */
export function onlyHost({ hosts }: HostChoice, question: string): string {
  const [host, ...others] = hosts
  if (others.length === 0) return host!
  throw new UsageError(`${question} is asked of one host, and these are ${hosts.length}`, {
    hint: `ask them one by one: --host ${host}`,
  })
}
