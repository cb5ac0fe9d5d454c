import * as Flags from '@oclif/core/flags'
import { durationMsFlag } from '../../cli/duration-flag.ts'

const group = { helpGroup: 'source' }

/** Flags of commands that can ask other hosts instead of this machine. */
export const hostFlags = {
  host: Flags.string({
    helpValue: 'HOSTS',
    description:
      'ask these machines over ssh instead of this one: a,b[01-20],@group; nothing has to be installed there',
    ...group,
  }),
  'hosts-file': Flags.string({
    helpValue: 'FILE',
    description: 'hosts, one a line, and groups (default: those of ~/.config/linsight/hosts)',
    ...group,
  }),
  become: Flags.boolean({ description: 'look as root there: sudo -n', ...group }),
  parallel: Flags.integer({ min: 1, max: 256, helpValue: 'N', description: 'hosts asked at a time (32)', ...group }),
  'host-timeout': durationMsFlag('host-timeout', {
    description: 'how long a host may take to answer (30s)',
    leastMs: 100,
    ...group,
  }),
  agentless: Flags.boolean({ description: 'do not use a linsight that is installed there', ...group }),
  'ssh-config': Flags.string({
    env: 'LINSIGHT_SSH_CONFIG',
    helpValue: 'FILE',
    description: 'another configuration than your own, as ssh -F',
    ...group,
  }),
}

const hidden = { hidden: true as const }

/** The same for a help that is long: docs/fleet.md tells the rest. */
export const briefHostFlags = {
  ...hostFlags,
  'hosts-file': { ...hostFlags['hosts-file'], ...hidden },
  parallel: { ...hostFlags.parallel, ...hidden },
  'host-timeout': { ...hostFlags['host-timeout'], ...hidden },
  agentless: { ...hostFlags.agentless, ...hidden },
  'ssh-config': { ...hostFlags['ssh-config'], ...hidden },
} satisfies typeof hostFlags

/** Those that take a value. */
export const HOST_VALUES = ['host', 'hosts-file', 'parallel', 'host-timeout', 'ssh-config'] as const

export type HostFlags = import('@oclif/core/interfaces').InferredFlags<typeof hostFlags>

/**
 * Whether a flag about other hosts was given: what it asks for is loaded then. The configuration of ssh alone is none: it
 * may stand in the environment.
 */
export function asksHosts(flags: Partial<HostFlags>): boolean {
  const given = (name: string) => {
    const value = (flags as Readonly<Record<string, unknown>>)[name]
    return name !== 'ssh-config' && value !== undefined && value !== false
  }
  return Object.keys(hostFlags).some(given)
}
