// The flags alone: what they ask for is loaded when they are given.
export { asksHosts, briefHostFlags, HOST_VALUES, hostFlags, type HostFlags } from './host-flags.ts'
