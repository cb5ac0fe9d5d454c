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
