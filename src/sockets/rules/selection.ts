import type { SocketRow, TableName } from '../tables/socket-row.ts'
import { isUnspecifiedIp } from '../../kernel/ip-address.ts'
import { isUnixListener } from '../../kernel/unix-socket.ts'

/** What netstat's flags select. */
export interface SocketSelection {
  /** -a: everything; wins over `listening`. */
  all: boolean
  /** -l: only what waits for others; without -a and -l only what is connected. */
  listening: boolean
  /** Only sockets with one of these as local or remote port. */
  ports: readonly number[]
}

/** Whether a row is shown. Source: net-tools 2.10 netstat.c: tcp_do_one, udp_do_one, raw_do_one, unix_do_one. */
export function isSelected(row: SocketRow, selection: SocketSelection): boolean {
  if (selection.ports.length > 0 && !hasPort(row, selection.ports)) return false
  // A flag that was not given is undefined, not false: no comparison.
  return selection.all || (selection.listening ? isWaiting(row) : !isWaiting(row))
}

/** The socket waits for others: a listener, or a datagram socket without a peer. */
function isWaiting(row: SocketRow): boolean {
  switch (row.table) {
    case 'tcp':
    case 'tcp6':
    case 'mptcp':
    case 'mptcp6':
      // netstat looks at the port, not at the state.
      return row.remotePort === 0
    case 'unix':
      return isUnixListener(row)
    case 'sctp':
      return row.kind === 'endpoint'
    case 'packet':
    case 'netlink':
      return true
    default:
      return isUnspecifiedIp(row.remoteAddress)
  }
}

function hasPort(row: SocketRow, ports: readonly number[]): boolean {
  if (row.table === 'unix' || row.table === 'packet' || row.table === 'netlink') return false
  return ports.includes(row.localPort) || ports.includes(row.remotePort)
}

/** Flags that choose tables. */
export interface TableChoice {
  tcp: boolean
  udp: boolean
  udplite: boolean
  mptcp?: boolean
  sctp: boolean
  raw: boolean
  unix: boolean
  packet: boolean
  netlink: boolean
  ipv4: boolean
  ipv6: boolean
}

/** The tables these flags mean, in the order they are shown. No flag at all means every table of netstat's. */
export function chosenTables(choice: TableChoice): TableName[] {
  const anyProtocol = choice.tcp || choice.udp || choice.udplite || choice.mptcp || choice.sctp || choice.raw
  const anyFamily = choice.ipv4 || choice.ipv6
  const anyOther = choice.unix || choice.packet || choice.netlink
  const nothing = !anyProtocol && !anyFamily && !anyOther
  const inet = (chosen: boolean, ipv4: TableName, ipv6: TableName): TableName[] => {
    if (!(chosen || (!anyProtocol && (anyFamily || nothing)))) return []
    return [...(choice.ipv4 || !anyFamily ? [ipv4] : []), ...(choice.ipv6 || !anyFamily ? [ipv6] : [])]
  }
  return [
    ...inet(choice.tcp, 'tcp', 'tcp6'),
    ...(choice.mptcp ? inet(true, 'mptcp', 'mptcp6') : []),
    ...inet(choice.sctp, 'sctp', 'sctp').slice(0, 1),
    ...inet(choice.udp, 'udp', 'udp6'),
    ...inet(choice.udplite, 'udplite', 'udplite6'),
    ...inet(choice.raw, 'raw', 'raw6'),
    ...inet(choice.raw, 'icmp', 'icmp6'),
    ...(choice.unix || nothing ? (['unix'] as const) : []),
    ...(choice.packet ? (['packet'] as const) : []),
    ...(choice.netlink ? (['netlink'] as const) : []),
  ]
}
