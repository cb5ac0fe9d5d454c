/** One socket of /proc/net/netlink. */
export interface NetlinkRow {
  table: 'netlink'
  pointer: string | undefined
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
