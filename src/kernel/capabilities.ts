/** Bits of a capability set. Source: capabilities(7), Linux include/uapi/linux/capability.h. */
export const CAPABILITY = {
  DAC_READ_SEARCH: 2,
  SYS_PTRACE: 19,
  SYS_ADMIN: 21,
  SYS_RESOURCE: 24,
  PERFMON: 38,
  BPF: 39,
} as const

export type CapabilityName = keyof typeof CAPABILITY

/** Whether a set, such as CapEff of /proc/PID/status, holds a capability. */
export function hasCapability(set: bigint, name: CapabilityName): boolean {
  return ((set >> BigInt(CAPABILITY[name])) & 1n) === 1n
}
