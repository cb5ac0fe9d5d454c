/** TCP states as /proc/net/tcp numbers them and netstat names them. Source: Linux include/net/tcp_states.h. */
export const TCP_STATE = {
  established: 1,
  synSent: 2,
  synRecv: 3,
  finWait1: 4,
  finWait2: 5,
  timeWait: 6,
  close: 7,
  closeWait: 8,
  lastAck: 9,
  listen: 10,
  closing: 11,
} as const

/** The states of a socket that outlives its process, see isTimeWaitSocket. */
export const { finWait2: FIN_WAIT2, timeWait: TIME_WAIT } = TCP_STATE

/** netstat's names by number; nothing stands at 0. */
export const TCP_STATE_NAMES: readonly string[] = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
]

/** netstat's name of a state; `UNKNOWN(13)` for a number that has none. */
export function tcpStateName(state: number): string {
  return TCP_STATE_NAMES[state] || `UNKNOWN(${state})`
}

/** State of a UDP or raw socket: connected like {@link TCP_STATE}.established, otherwise `close`. Empty without a peer. */
export function datagramStateName(state: number): string | undefined {
  return state === TCP_STATE.established ? 'ESTABLISHED' : state === TCP_STATE.close ? '' : undefined
}
