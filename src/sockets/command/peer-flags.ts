import * as Flags from '@oclif/core/flags'

/** Flags that ask for the other end: of sockets, of pipes. */
export const peerFlags = {
  peer: Flags.boolean({
    description: 'who is at the other end, on this machine in any network namespace: over loopback, veth, NAT, unix',
    helpGroup: 'display',
  }),
  pipes: Flags.boolean({
    description: 'pipes and eventfds that processes share: who writes, who reads; operands are pids',
    helpGroup: 'question',
  }),
}
