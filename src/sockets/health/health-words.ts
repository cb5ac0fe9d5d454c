import { groupBy } from '../../group-by.ts'
import { endpoint, isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import { ownerNames, programName, type ProcessName } from '../../processes/process-facts.ts'
import type { Culprit } from '../../statement.ts'
import type { HealthLook, InetSocket, Owned } from './look.ts'

/** Owners of a socket by pid and name; empty where none was found. */
export function ownersOf({ owners = [] }: Owned): ProcessName[] {
  return owners.map(({ process }) => ({ pid: process.pid, program: programName(process) }))
}

/** Owners of several sockets, each process once. */
export function ownersOfAll(sockets: readonly Owned[]): ProcessName[] {
  return [...new Map(sockets.flatMap(ownersOf).map(owner => [owner.pid, owner])).values()]
}

/** `nginx (pid 7)`, or what can be said where no owner was found. A byte string. */
export function who(sockets: readonly Owned[], otherwise: string): string {
  return ownerNames(ownersOfAll(sockets)) ?? otherwise
}

/** The first of the processes that hold these sockets. */
export function culpritOf(sockets: readonly Owned[]): Culprit | undefined {
  const process = sockets.flatMap(({ owners = [] }) => owners)[0]?.process
  if (process === undefined) return undefined
  const { pid, comm, args, container, unit } = process
  return { pid, comm, cmdline: args?.length ? args.join(' ') : undefined, container, unit }
}

export const local = ({ row }: InetSocket) => endpoint(unmapIp(row.localAddress), row.localPort)
export const remote = ({ row }: InetSocket) => endpoint(unmapIp(row.remoteAddress), row.remotePort)

/** `127.0.0.1:80`, `port 80 of every address`. */
export function servicePlace(listener: InetSocket): string {
  return isUnspecifiedIp(listener.row.localAddress) ? `port ${listener.row.localPort} (any address)` : local(listener)
}

/** What the main thread of the first owner does: `stopped (T)`, `asleep in futex_wait_queue`. */
export function doingOf(sockets: readonly Owned[], { processes }: HealthLook): string | undefined {
  const pid = ownersOfAll(sockets)[0]?.pid
  const { state, waitsIn, threads } = (pid !== undefined && processes.get(pid)) || {}
  if (state === undefined) return undefined
  const thread = threads !== undefined && threads > 1 ? `the main of ${threads} threads` : 'its thread'
  return `${thread} ${STATE_WORDS[state] ?? `is in state ${state}`}${waitsIn === undefined ? '' : `, in ${waitsIn}`} (/proc/${pid}/stat${waitsIn === undefined ? '' : ', wchan'})`
}

/** Source: proc_pid_stat(5). */
const STATE_WORDS: Readonly<Record<string, string>> = {
  R: 'runs',
  S: 'sleeps',
  D: 'waits in the kernel (D)',
  T: 'is stopped by a signal (T)',
  t: 'is stopped by a tracer (t)',
  Z: 'has ended (Z)',
}

/** Whether the first owner is stopped, by a signal or a tracer. */
export function isStopped(sockets: readonly Owned[], { processes }: HealthLook): boolean {
  const pid = ownersOfAll(sockets)[0]?.pid
  return pid !== undefined && /^[Tt]$/.test(processes.get(pid)?.state ?? '')
}

/** What to look at in a process that stands still. */
export function lookAtStack(sockets: readonly Owned[]): string {
  const pid = ownersOfAll(sockets)[0]?.pid ?? 'PID'
  return `see where it is: trace-syscalls -p ${pid}; as root cat /proc/${pid}/stack`
}

/** `2.0 s`. */
export const secondsText = (seconds: number) => `${seconds.toFixed(1)} s`

/** `, in both looks`. */
export const during = (seconds: number | undefined) =>
  seconds === undefined ? 'between the two looks' : `in ${secondsText(seconds)}`

/** Sockets by their first owner's pid; those without an owner together. */
export function byOwner(sockets: readonly InetSocket[]): InetSocket[][] {
  return [...groupBy(sockets, socket => ownersOf(socket)[0]?.pid ?? 'unknown').values()]
}
