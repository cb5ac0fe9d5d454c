/** One socket of /proc/net/unix. */
export interface UnixRow {
  table: 'unix'
  /** Hashed kernel address, as printed. */
  pointer: string
  refs: number
  flags: number
  /** SOCK_STREAM 1, SOCK_DGRAM 2, SOCK_SEQPACKET 5. */
  type: number
  /** SS_UNCONNECTED 1, SS_CONNECTING 2, SS_CONNECTED 3, SS_DISCONNECTING 4. */
  state: number
  /** `'0'` for a connection that waits to be accepted. */
  inode: string
  /** Byte string: a path, or a name in the abstract namespace with `@` for NUL. Absent for an unnamed socket. */
  path: string | undefined
  /** The text of this row could be part of the name in an earlier row: any user may bind a name that holds a newline. */
  mayBeForged: boolean
}

/** Set on a listening socket. Source: Linux include/linux/net.h. */
export const SO_ACCEPTCON = 0x10000

/** One socket of /proc/net/packet. */
export interface PacketRow {
  table: 'packet'
  pointer: string
  refs: number
  /** SOCK_DGRAM 2, SOCK_RAW 3. */
  type: number
  /** Ethernet protocol; 3 is every protocol. */
  protocol: number
  /** Interface index; 0 is every interface. */
  interfaceIndex: number
  running: boolean
  rxQueueBytes: number
  uid: number
  inode: string
}

/** One socket of /proc/net/netlink. */
export interface NetlinkRow {
  table: 'netlink'
  pointer: string
  /** Netlink family: 0 ROUTE, 4 SOCK_DIAG, 9 AUDIT, 15 KOBJECT_UEVENT, 16 GENERIC … */
  protocol: number
  /** Address of the socket: often, but not always, the pid of its creator. 0 is the kernel. */
  portId: number
  groups: number
  rxQueueBytes: number
  txQueueBytes: number
  drops: number | undefined
  inode: string
}

/** One endpoint or association of /proc/net/sctp/{eps,assocs}. */
export interface SctpRow {
  table: 'sctp'
  pointer: string
  kind: 'endpoint' | 'association'
  state: number
  uid: number
  inode: string
  localPort: number
  /** 0 for an endpoint. */
  remotePort: number
  localAddresses: string[]
  remoteAddresses: string[]
  txQueueBytes: number
  rxQueueBytes: number
}
