import type { SctpRow } from './sctp-row.ts'
import { parseLines } from '../../proc/text-lines.ts'

/**
 * Rows of /proc/net/sctp/eps. Source: Linux net/sctp/proc.c, sctp_eps_seq_show.
 * One line: `ffff8800 ffff8801 2   10  29   11165   0 12345 0.0.0.0 ` (ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS).
 */
export function parseSctpEndpoints(bytes: Buffer) {
  return parseLines<SctpRow>(bytes, 'net/sctp/eps', line => {
    const [pointer, , style, state, bucket, port, uid, inode, ...addresses] = line.trim().split(/\s+/)
    if (!allNumbers(style, state, bucket, port, uid, inode)) return undefined
    return {
      table: 'sctp',
      pointer: pointer!,
      kind: 'endpoint',
      state: Number(state),
      uid: Number(uid),
      inode: inode!,
      localPort: Number(port),
      remotePort: 0,
      localAddresses: addresses,
      remoteAddresses: [],
      txQueueBytes: 0,
      rxQueueBytes: 0,
    }
  })
}

/**
 * Rows of /proc/net/sctp/assocs. Source: Linux net/sctp/proc.c, sctp_assocs_seq_show.
 * One line: ` ffff88 ffff89 2 1 3 0 7 0 0 0 5678 1024 2048 *10.0.0.1 <-> *10.0.0.2 7500 10 10 …` (ASSOC SOCK STY SST ST
 * HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS <-> RADDRS, then counters). `*` marks the primary address.
 */
export function parseSctpAssociations(bytes: Buffer) {
  return parseLines<SctpRow>(bytes, 'net/sctp/assocs', line => {
    const [left, right] = line.trim().split(/\s+<->\s+/)
    const [
      pointer,
      ,
      style,
      socketState,
      state,
      bucket,
      id,
      txQueue,
      rxQueue,
      uid,
      inode,
      localPort,
      remotePort,
      ...localAddresses
    ] = (left ?? '').split(/\s+/)
    if (
      right === undefined ||
      !allNumbers(style, socketState, state, bucket, id, txQueue, rxQueue, uid, inode, localPort, remotePort)
    )
      return undefined
    return {
      table: 'sctp',
      pointer: pointer!,
      kind: 'association',
      state: Number(state),
      uid: Number(uid),
      inode: inode!,
      localPort: Number(localPort),
      remotePort: Number(remotePort),
      localAddresses: localAddresses.map(plainAddress),
      remoteAddresses: right
        .split(/\s+/)
        .filter(word => /[.:]/.test(word))
        .map(plainAddress),
      txQueueBytes: Number(txQueue),
      rxQueueBytes: Number(rxQueue),
    }
  })
}

const plainAddress = (text: string) => text.replace(/^\*/, '')

function allNumbers(...words: (string | undefined)[]): boolean {
  return words.every(word => word !== undefined && /^\d+$/.test(word))
}
