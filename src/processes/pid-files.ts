/** Fields of /proc/PID/stat that identify a process. */
export interface PidStat {
  comm: string
  state: string
  ppid: number
  threads: number
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
    ppid: Number(fields[1]),
    threads: Number(fields[17]),
    startTicks,
  }
}

/**
 * /proc/PID/cmdline: arguments as byte strings, each ended by NUL. A process may have overwritten it with one text
 * (`nginx: master process …`) or blanked it; a kernel thread has none. Source: proc_pid_cmdline(5).
 */
export function parseCmdline(bytes: Buffer): string[] {
  if (bytes.length === 0) return []
  const text = bytes.toString('latin1')
  // A title written over the arguments leaves NULs or blanks behind it.
  const trimmed = text.replace(/\0+$/, '')
  return trimmed === '' ? [] : trimmed.split('\0')
}

export interface PidStatus {
  /** Real, effective, saved and file-system user. */
  uids: [number, number, number, number] | undefined
  /** Pid in each pid namespace, outermost first. */
  nsPids: number[] | undefined
  /** Effective capabilities. */
  capEff: bigint | undefined
}

/** /proc/PID/status: `Uid:\t0\t0\t0\t0`, `NSpid:\t17\t1`, `CapEff:\t000001ffffffffff`. Source: proc_pid_status(5). */
export function parsePidStatus(bytes: Buffer): PidStatus {
  const text = bytes.toString('latin1')
  // The Name line comes first and escapes newlines, so a line start cannot be forged.
  const field = (name: string) => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(text)?.[1]
  const numbers = (value: string | undefined) => value?.trim().split(/\s+/).map(Number)
  const uids = numbers(field('Uid'))
  const capEff = field('CapEff')
  return {
    uids: uids?.length === 4 && uids.every(Number.isFinite) ? (uids as [number, number, number, number]) : undefined,
    nsPids: numbers(field('NSpid')),
    capEff: capEff !== undefined && /^[0-9a-f]+$/.test(capEff) ? BigInt(`0x${capEff}`) : undefined,
  }
}

/** Path of the executable from the link /proc/PID/exe. */
export interface Executable {
  /** Byte string. */
  path: string
  /** The file no longer stands where it was started from. */
  deleted: boolean
}

const DELETED = ' (deleted)'

/**
 * The link /proc/PID/exe. The kernel appends ` (deleted)`, but a file may really be called so: `existsAsWritten` tells
 * whether the very file stands at the whole text; leave it out where that cannot be known (a recording).
 */
export function parseExeLink(link: string, existsAsWritten = false): Executable {
  const deleted = link.endsWith(DELETED) && !existsAsWritten
  return { path: deleted ? link.slice(0, -DELETED.length) : link, deleted }
}

/**
 * Socket inodes registered with an io_uring, from the fdinfo of the ring: lines `    0: socket:[2221543]` below
 * `UserFiles:`. Source: Linux io_uring/fdinfo.c.
 */
export function parseIoUringSockets(bytes: Buffer): string[] {
  const text = bytes.toString('latin1')
  const from = text.indexOf('UserFiles:')
  if (from === -1) return []
  return [...text.slice(from).matchAll(/^\s+\d+: socket:\[(\d+)\]/gm)].map(match => match[1]!)
}

/** Files in flight to a unix socket (`scm_fds: 1` in its fdinfo, kernel ≥ 5.5). Source: Linux net/unix/af_unix.c. */
export function parseScmFds(bytes: Buffer): number {
  return Number(/^scm_fds:\s*(\d+)/m.exec(bytes.toString('latin1'))?.[1] ?? 0)
}
