/** One socket of /proc/net/packet. */
export interface PacketRow {
  table: 'packet'
  /** This, references and whether it runs only /proc has. */
  pointer: string | undefined
  refs: number | undefined
  /** SOCK_DGRAM 2, SOCK_RAW 3. */
  type: number
  /** Ethernet protocol; 3 is every protocol. */
  protocol: number
  /** Interface index; 0 is every interface. */
  interfaceIndex: number
  running: boolean | undefined
  rxQueueBytes: number
  uid: number
  inode: string
}
