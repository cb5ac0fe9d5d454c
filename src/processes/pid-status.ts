/** Fields of /proc/PID/status; absent where the text does not hold them. */
export interface PidStatus {
  /** Name of the thread, at most 15 bytes; newlines and backslashes are escaped by the kernel. */
  name: string | undefined
  /** Pid of the process that a thread belongs to (Tgid). */
  processId: number | undefined
  parentPid: number | undefined
  /** The process that traces it with ptrace; 0 for none. */
  tracerPid: number | undefined
  /** Real, effective, saved and file-system user. */
  uids: [number, number, number, number] | undefined
  /** Pid in each pid namespace, outermost first. */
  nsPids: number[] | undefined
  threads: number | undefined
  /** Memory that it has in RAM (VmRSS); a thread of the kernel has none. */
  residentBytes: number | undefined
  /** Effective capabilities, see hasCapability. */
  capEff: bigint | undefined
  /** 0 off, 1 strict, 2 filter. */
  seccomp: number | undefined
  /** CPUs it may run on, as the kernel lists them: `0-3,8`. */
  cpusAllowed: string | undefined
}

/**
 * /proc/PID/status. Source: proc_pid_status(5). Lines `Uid:\t0\t0\t0\t0`, `NSpid:\t17\t1`, `CapEff:\t000001ffffffffff`. The
 * name comes first and has its newlines escaped, so no other line can be forged.
 */
export function parsePidStatus(bytes: Buffer): PidStatus {
  const fields = new Map<string, string>()
  for (const line of bytes.toString('latin1').split('\n')) {
    const at = line.indexOf(':\t')
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 2))
  }
  const number = (name: string) => {
    const value = fields.get(name)?.trim()
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
  }
  const kilobytes = (name: string) => {
    const value = /^(\d+) kB$/.exec(fields.get(name)?.trim() ?? '')?.[1]
    return value === undefined ? undefined : Number(value) * 1024
  }
  const numbers = (name: string) => fields.get(name)?.trim().split(/\s+/).map(Number)
  const uids = numbers('Uid')
  const capEff = fields.get('CapEff')
  return {
    name: fields.get('Name'),
    processId: number('Tgid'),
    parentPid: number('PPid'),
    tracerPid: number('TracerPid'),
    uids: uids?.length === 4 && uids.every(Number.isFinite) ? (uids as [number, number, number, number]) : undefined,
    nsPids: numbers('NSpid'),
    threads: number('Threads'),
    residentBytes: kilobytes('VmRSS'),
    capEff: capEff !== undefined && /^[0-9a-f]+$/.test(capEff) ? BigInt(`0x${capEff}`) : undefined,
    seccomp: number('Seccomp'),
    cpusAllowed: fields.get('Cpus_allowed_list'),
  }
}
