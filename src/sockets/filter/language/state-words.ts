import { hasTcpStates } from '../../tables/inet-row.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { isUnixListener, UNIX_STATE } from '../../../kernel/unix-socket.ts'
import { isInetRow, type SocketRow } from '../../tables/socket-row.ts'

const bit = (state: number) => 1 << state

/** A TCP socket that bind() gave a port, or that was reset: CLOSE in a table, a state of its own to ss since 6.8. */
const BOUND_INACTIVE = 13

/** One state each. Source: ss(8), iproute2 misc/ss.c, sstate_namel. */
const STATES = {
  established: bit(TCP_STATE.established),
  'syn-sent': bit(TCP_STATE.synSent),
  'syn-recv': bit(TCP_STATE.synRecv),
  'fin-wait-1': bit(TCP_STATE.finWait1),
  'fin-wait-2': bit(TCP_STATE.finWait2),
  'time-wait': bit(TCP_STATE.timeWait),
  unconnected: bit(TCP_STATE.close),
  'close-wait': bit(TCP_STATE.closeWait),
  'last-ack': bit(TCP_STATE.lastAck),
  listening: bit(TCP_STATE.listen),
  closing: bit(TCP_STATE.closing),
  'bound-inactive': bit(BOUND_INACTIVE),
} as const

export const ALL_STATES = Object.values(STATES).reduce((all, one) => all | one, 0)

/** Whether sockets that are bound and no more are asked for, and not only as part of everything. */
export const asksBound = (states: number): boolean =>
  (states & STATES['bound-inactive']) !== 0 && (states & STATES.established) === 0

/** ss's names of several states. */
const SETS = {
  all: ALL_STATES,
  connected: ALL_STATES & ~(STATES.unconnected | STATES.listening),
  synchronized: ALL_STATES & ~(STATES.unconnected | STATES.listening | STATES['syn-sent']),
  bucket: STATES['syn-recv'] | STATES['time-wait'],
  big: ALL_STATES & ~(STATES['syn-recv'] | STATES['time-wait']),
} as const

/** Other spellings, those of ss, of netstat and of /proc. */
const ALIASES: Readonly<Record<string, number>> = {
  'syn-rcv': STATES['syn-recv'],
  close: STATES.unconnected,
  closed: STATES.unconnected,
  listen: STATES.listening,
  estab: STATES.established,
  'fin-wait1': STATES['fin-wait-1'],
  'fin-wait2': STATES['fin-wait-2'],
}

export const STATE_WORDS: readonly string[] = [...Object.keys(STATES), ...Object.keys(SETS)]

const KNOWN = new Map(Object.entries({ ...ALIASES, ...STATES, ...SETS }))

/** The states a word or a list of words (`established,close-wait`) means; undefined where one is not known. */
export function statesOf(text: string): number | undefined {
  let states = 0
  for (const word of text.toLowerCase().replaceAll('_', '-').split(',')) {
    const known = KNOWN.get(word)
    if (known === undefined) return undefined
    states |= known
  }
  return states
}

/** What `exclude` takes away: a CLOSE of TCP goes with `unconnected`, though ss has a word of its own for it. */
export function excludedStates(states: number): number {
  return states & STATES.unconnected ? states | STATES['bound-inactive'] : states
}

/** The shortest words that mean these states. */
export function stateText(states: number): string {
  const set = Object.entries(SETS).find(([, bits]) => bits === states)
  if (set !== undefined) return set[0]
  return Object.entries(STATES)
    .filter(([, one]) => (states & one) !== 0)
    .map(([word]) => word)
    .join(',')
}

/** The bits of the state a socket is in; 0 of a number that no state has. */
export function stateBits(row: SocketRow): number {
  if (row.table === 'unix') return unixBits(row)
  if (row.table === 'packet' || row.table === 'netlink') return STATES.unconnected
  if (row.table === 'sctp') return row.kind === 'endpoint' ? STATES.listening : (SCTP_BITS[row.state] ?? 0)
  return tableStateBits(hasTcpStates(row.table), isInetRow(row) ? row.state : 0)
}

/** The same for the number of a state in tcp, or in udp and raw. */
export function tableStateBits(isTcp: boolean, state: number): number {
  if (state === TCP_STATE.close) return isTcp ? STATES.unconnected | STATES['bound-inactive'] : STATES.unconnected
  return state > 0 && state <= TCP_STATE.closing ? bit(state) : 0
}

function unixBits(row: { state: number; flags: number }): number {
  if (isUnixListener(row)) return STATES.listening
  if (row.state === UNIX_STATE.connected) return STATES.established
  if (row.state === UNIX_STATE.connecting) return STATES['syn-sent']
  return row.state === UNIX_STATE.disconnecting ? STATES.closing : STATES.unconnected
}

/** CLOSED, COOKIE_WAIT, COOKIE_ECHOED, ESTABLISHED, SHUTDOWN_…. Source: Linux include/net/sctp/constants.h. */
const SCTP_BITS = [
  STATES.unconnected,
  STATES['syn-sent'],
  STATES['syn-sent'],
  STATES.established,
  STATES.closing,
  STATES.closing,
  STATES.closing,
  STATES.closing,
]
