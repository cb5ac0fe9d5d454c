import { quoted } from '../terminal/escape.ts'

/** A process by its pid and the name that users know it by. */
export interface ProcessName {
  pid: number
  /** As {@link programName} calls it: a byte string, which documents have escaped. */
  program: string
  /** The process was gone before it could be looked at: `program` is what one of its threads called itself. */
  isThreadName?: true | undefined
}

/** What is known of one process. Absent facts were not asked for or could not be read; texts are byte strings. */
export interface ProcessFacts {
  pid: number
  /** Name of the executable as the kernel keeps it, at most 15 bytes; a thread may rename itself. */
  comm?: string | undefined
  /** Command line; empty for a kernel thread or a process that blanked it. */
  args?: string[] | undefined
  exe?: { path: string; deleted: boolean } | undefined
  /** Real and effective user. */
  uid?: number | undefined
  effectiveUid?: number | undefined
  parentPid?: number | undefined
  /** ISO 8601, UTC; to about 10 ms. */
  startedAt?: string | undefined
  /** Ticks since boot: with the pid, the name of this process for ever. */
  startTicks?: number | undefined
  cgroup?: string | undefined
  /** systemd unit. */
  unit?: string | undefined
  container?: string | undefined
  /** Pids in nested pid namespaces, outermost first; one entry on a plain host. */
  namespacePids?: number[] | undefined
  /** `net:[4026531840]`. */
  netns?: string | undefined
}

/**
 * The program's name as netstat shows it: the last path element of an absolute argv[0], any other argv[0] as it is.
 * A title written over the arguments (`nginx: master process …`) or an empty command line gives way to comm.
 */
export function programName(process: ProcessFacts): string {
  const first = process.args?.[0] ?? ''
  const isTitle = process.args?.length === 1 && /\s/.test(first)
  if (first === '' || (isTitle && process.comm !== undefined)) return process.comm ?? first
  return first.startsWith('/') ? first.slice(first.lastIndexOf('/') + 1) || first : first
}

/** `nginx`, `thread worker` where the process was gone before it could be looked at; a byte string. */
export function programLabel({ program, isThreadName }: Omit<ProcessName, 'pid'>): string {
  return isThreadName ? `thread ${quoted(program)}` : quoted(program)
}

/** Pids that are named one by one. */
const NAMED = 3

/** `nginx (pid 7)`, `nginx (pids 7, 8, 9 and 5 more)`; a byte string. Undefined where there is none. */
export function ownerNames(owners: readonly ProcessName[]): string | undefined {
  if (owners.length === 0) return undefined
  const [first] = owners
  const pids = owners.slice(0, NAMED).map(owner => owner.pid)
  const more = owners.length > NAMED ? ` and ${owners.length - NAMED} more` : ''
  const others = new Set(owners.map(owner => owner.program)).size > 1 ? ' and others' : ''
  return `${programLabel(first!)}${others} (pid${owners.length > 1 ? 's' : ''} ${pids.join(', ')}${more})`
}
