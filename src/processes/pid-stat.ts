/** Fields of /proc/PID/stat. */
export interface PidStat {
  comm: string
  /** `R`, `S`, `T` …: one letter. */
  state: string
  parentPid: number
  processGroup: number
  session: number
  /** Device number of the controlling terminal; 0 where there is none. */
  terminal: number
  /** Process group in the foreground of that terminal; -1 where there is none. */
  foregroundGroup: number
  threads: number
  /** PF_ flags of the kernel: see {@link isKernelThread}. */
  flags: number
  /** Pages that were in memory already. */
  minorFaults: number
  /** Pages that had to be read from a disk. */
  majorFaults: number
  /** User and system time of all its threads, ticks. */
  cpuTicks: number
  nice: number
  rssPages: number
  /** Time it waited for block I/O, ticks; 0 where the kernel does not account it. */
  blockIoTicks: number
  /** Ticks since boot. Together with the pid it names one process for ever. */
  startTicks: number
}

/**
 * /proc/PID/stat. Source: proc_pid_stat(5). One line: `11 (python3) S 1 …`. The command name may hold blanks, brackets
 * and newlines, so it ends at the last `)`. Undefined where the text is not of that form.
 */
export function parsePidStat(bytes: Buffer): PidStat | undefined {
  const text = bytes.toString('latin1')
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return undefined
  // fields[0] is field 3 of the man page, the state.
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ')
  const startTicks = Number(fields[19])
  if (fields.length < 20 || !Number.isFinite(startTicks)) return undefined
  return {
    comm: text.slice(open + 1, close),
    state: fields[0]!,
    parentPid: Number(fields[1]),
    processGroup: Number(fields[2]),
    session: Number(fields[3]),
    terminal: Number(fields[4]),
    foregroundGroup: Number(fields[5]),
    threads: Number(fields[17]),
    flags: Number(fields[6]),
    minorFaults: Number(fields[7]),
    majorFaults: Number(fields[9]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    nice: Number(fields[16]),
    rssPages: Number(fields[21] ?? 0),
    blockIoTicks: Number(fields[39] ?? 0),
    startTicks,
  }
}

const PF_KTHREAD = 0x0020_0000

/** A thread of the kernel: it has no memory, no program and no descriptors. */
export const isKernelThread = ({ flags }: PidStat): boolean => (flags & PF_KTHREAD) !== 0

/** Where the program, its stack and its heap lie in memory: fields 26 to 30 and 45 to 51 of the man page. */
const TEXT_FIELDS = [23, 24]
const ADDRESS_FIELDS = [25, 26, 27, 42, 43, 44, 45, 46, 47, 48]

/**
 * /proc/PID/stat as the kernel shows it to whom the process is none of their business: without addresses of its memory, which
 * help who attacks it, and nobody who reads a recording.
 */
export function withoutAddresses(bytes: Buffer): Buffer {
  const close = bytes.lastIndexOf(')')
  if (close === -1) return bytes
  const begin = close + 2
  const fields = bytes.toString('latin1', begin).split(' ')
  for (const at of TEXT_FIELDS) if (fields[at] !== undefined && fields[at] !== '0') fields[at] = '1'
  for (const at of ADDRESS_FIELDS) if (fields[at] !== undefined) fields[at] = '0'
  return Buffer.concat([bytes.subarray(0, begin), Buffer.from(fields.join(' '), 'latin1')])
}
