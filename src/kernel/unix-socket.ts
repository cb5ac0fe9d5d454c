/** States of a unix socket. Source: Linux include/uapi/linux/net.h, enum socket_state. */
export const UNIX_STATE = { free: 0, unconnected: 1, connecting: 2, connected: 3, disconnecting: 4 } as const

/** Flag of a listening socket. Source: Linux include/linux/net.h, __SO_ACCEPTCON. */
export const SO_ACCEPTCON = 0x10000

/** Flags as netstat abbreviates them: ACC accepts connections, W waits for data, N lacks space. */
const FLAG_NAMES: readonly (readonly [bit: number, name: string])[] = [
  [SO_ACCEPTCON, 'ACC'],
  [0x20000, 'W'],
  [0x40000, 'N'],
]

/** netstat's names of the flags that are set. */
export function unixFlagNames(flags: number): string[] {
  return FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name)
}

/** Whether the socket waits for connections. */
export function isUnixListener({ state, flags }: { state: number; flags: number }): boolean {
  return state === UNIX_STATE.unconnected && (flags & SO_ACCEPTCON) !== 0
}

const STATE_NAMES = ['FREE', '', 'CONNECTING', 'CONNECTED', 'DISCONNECTING']

/** netstat's name of a state: empty for an unconnected socket, `undefined` for a number without a name. */
export function unixStateName(socket: { state: number; flags: number }): string | undefined {
  return isUnixListener(socket) ? 'LISTENING' : STATE_NAMES[socket.state]
}

/** Types of a socket. Source: Linux include/linux/net.h, enum sock_type. */
export const SOCKET_TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'STREAM',
  2: 'DGRAM',
  3: 'RAW',
  4: 'RDM',
  5: 'SEQPACKET',
}
