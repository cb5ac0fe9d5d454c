/** States of an SCTP association by number. Source: Linux include/net/sctp/constants.h, enum sctp_state. */
const SCTP_STATE_NAMES = [
  'CLOSED',
  'COOKIE_WAIT',
  'COOKIE_ECHOED',
  'ESTABLISHED',
  'SHUTDOWN_PENDING',
  'SHUTDOWN_SENT',
  'SHUTDOWN_RECEIVED',
  'SHUTDOWN_ACK_SENT',
]

export const SCTP_ESTABLISHED = 3

/** `UNKNOWN(9)` for a number that has no name. */
export function sctpStateName(state: number): string {
  return SCTP_STATE_NAMES[state] ?? `UNKNOWN(${state})`
}
