import * as Flags from '@oclif/core/flags'

/** Flags of what only the kernel's own answer tells. */
export const tcpInfoFlags = {
  mptcp: Flags.boolean({ description: 'MPTCP (only the kernel lists it, where koffi asks)', helpGroup: 'protocol' }),
  'tcp-info': Flags.boolean({
    description: 'below each TCP connection what the kernel knows of it: RTT, windows, retransmits, what limits it',
    helpGroup: 'display',
  }),
}
