/** How a descriptor is open. */
export interface DescriptorFacts {
  reads: boolean
  writes: boolean
  /** Of an eventfd: its number, the same for all who share it. */
  eventfdId: string | undefined
}

const O_ACCMODE = 3

/**
 * /proc/PID/fdinfo/FD. Source: proc_pid_fdinfo(5). Lines `flags:\t0100001` (octal) and, of an eventfd, `eventfd-id: 7`.
 * Undefined where the text has no flags.
 */
export function parseDescriptorFacts(bytes: Buffer): DescriptorFacts | undefined {
  const text = bytes.toString('latin1')
  const flags = /^flags:\s*([0-7]+)$/m.exec(text)?.[1]
  if (flags === undefined) return undefined
  const mode = Number.parseInt(flags, 8) & O_ACCMODE
  return { reads: mode !== 1, writes: mode !== 0, eventfdId: /^eventfd-id:\s*(\d+)$/m.exec(text)?.[1] }
}
