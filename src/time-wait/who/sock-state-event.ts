import { unmapIp } from '../../kernel/ip-address.ts'

/** A TCP socket changed its state. */
export interface SockStateEvent {
  /** Thread that was running; the one responsible only where the change comes from a system call. */
  tid: number
  /** Its process, where the kernel had it recorded. */
  pid: number | undefined
  /** Name of the thread, a byte string. */
  comm: string
  /** Seconds on the clock of the trace. */
  atS: number
  localAddress: string
  localPort: number
  remoteAddress: string
  remotePort: number
  /** As the kernel names them, without `TCP_`. */
  oldState: string
  newState: string
}

/**
 * One line of trace_pipe for the tracepoint sock:inet_sock_set_state; `undefined` for any other line.
 *
 * Source: Linux include/trace/events/sock.h. `python3-812     (    812) [001] ..s2.  1234.567890: inet_sock_set_state:
 * family=AF_INET protocol=IPPROTO_TCP sport=40000 dport=8080 saddr=127.0.0.1 daddr=127.0.0.1 saddrv6=::ffff:127.0.0.1
 * daddrv6=::ffff:127.0.0.1 oldstate=TCP_FIN_WAIT2 newstate=TCP_CLOSE`. The name may hold anything, even what looks like
 * the rest, but no more than 15 bytes: the part behind it is matched from the right.
 */
export function parseSockState(line: string): SockStateEvent | undefined {
  const match = LINE.exec(line)
  if (match === null) return undefined
  const [, comm, tid, tgid, at, sport, dport, saddr, daddr, oldState, newState] = match as unknown as string[]
  return {
    tid: Number(tid),
    pid: tgid !== undefined && /^\d+$/.test(tgid) ? Number(tgid) : undefined,
    comm: comm!.trimStart(),
    atS: Number(at),
    localAddress: unmapIp(saddr!),
    localPort: Number(sport),
    remoteAddress: unmapIp(daddr!),
    remotePort: Number(dport),
    oldState: oldState!,
    newState: newState!,
  }
}

const LINE =
  /^(.*)-(\d+)\s+(?:\(\s*([-\d]+)\)\s+)?\[\d+\]\s+\S+\s+(\d+\.\d+): inet_sock_set_state: .*sport=(\d+) dport=(\d+) saddr=\S+ daddr=\S+ saddrv6=(\S+) daddrv6=(\S+) oldstate=TCP_(\w+) newstate=TCP_(\w+)\s*$/s
