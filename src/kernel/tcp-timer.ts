/** Timers of an internet socket as the `tr` column of /proc/net/tcp numbers them. Source: Linux net/ipv4/tcp_ipv4.c, get_tcp4_sock. */
export const TCP_TIMER = { off: 0, retransmit: 1, keepalive: 2, timeWait: 3, zeroWindowProbe: 4 } as const

/** Names in JSON, by number. */
export const TCP_TIMER_NAMES = ['off', 'retransmit', 'keepalive', 'time-wait', 'zero-window-probe'] as const

export type TcpTimerName = (typeof TCP_TIMER_NAMES)[number] | `unknown-${number}`

export function tcpTimerName(timer: number): TcpTimerName {
  return TCP_TIMER_NAMES[timer] ?? `unknown-${timer}`
}

const NETSTAT_NAMES = ['off', 'on', 'keepalive', 'timewait', 'probe']

/** netstat's name of a timer; `unkn-7` for a number that has none. */
export function netstatTimerName(timer: number): string {
  return NETSTAT_NAMES[timer] ?? `unkn-${timer}`
}
