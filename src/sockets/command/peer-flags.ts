import * as Flags from '@oclif/core/flags'

/** The flag that asks for the other end of sockets. */
export const peerFlags = {
  peer: Flags.boolean({
    description: 'who is at the other end, on this machine in any network namespace: over loopback, veth, NAT, unix',
    helpGroup: 'display',
  }),
}
