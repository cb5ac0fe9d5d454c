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
