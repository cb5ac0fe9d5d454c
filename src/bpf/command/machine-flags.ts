import * as Flags from '@oclif/core/flags'

/** Flags of commands that read a whole machine, live or recorded: more than the /proc that `--from` means elsewhere. */
export const machineFlags = {
  from: Flags.string({
    env: 'LINSIGHT_FROM',
    helpValue: 'PATH',
    description: 'read a recorded machine: a file of linsight bpf doctor --record, or a folder shaped like /',
    helpGroup: 'source',
  }),
}
