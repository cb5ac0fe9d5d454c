import * as Flags from '@oclif/core/flags'

/** The flag of commands that read one network namespace: another one than their own. */
export const netnsFlag = (helpGroup?: string) => ({
  netns: Flags.string({
    helpValue: 'WHICH',
    description:
      'in this network namespace: a name of ip netns, a pid, a container or the beginning of its id, a pod, a unit, net:[N]',
    ...(helpGroup !== undefined && { helpGroup }),
  }),
})

/** Flags of commands that look into every network namespace, or into a named one. */
export const namespaceFlags = {
  'all-netns': Flags.boolean({
    description: 'in every network namespace: containers, pods, ip netns; a section for each',
  }),
  ...netnsFlag(),
}
