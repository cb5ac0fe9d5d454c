import { optional } from '../../../errors.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { readDump, socketsOfDump } from '../../../sockets/index.ts'
import type { ObservedProcess } from '../../observed/task.ts'

/**
 * Inode of a unix socket that a task waits in → inode of the socket whose owner does not read. Of a socket without a peer
 * (datagrams that name their destination, a connection that is not accepted) it is the socket of the namespace with the
 * longest queue.
 */
export function unixPeersOf(source: ProcSource, hanging: readonly ObservedProcess[]): Map<string, string> {
  const peers = new Map<string, string>()
  if (source.dumpSockets === undefined) return peers
  const answers = new Map<string, ReturnType<typeof socketsOfDump> | undefined>()
  for (const { pid, netns = '', waitsFor } of hanging) {
    if (waitsFor?.kind !== 'unix') continue
    if (!answers.has(netns))
      answers.set(
        netns,
        optional(() => socketsOfDump(readDump(source, 'unix', {}, `${pid}/net`))),
      )
    const { rows = [], facts = [] } = answers.get(netns) ?? {}
    const peer = facts[rows.findIndex(({ inode }) => inode === waitsFor.inode)]?.peerInode
    const fullest = rows
      .filter(row => row.inode !== waitsFor.inode && row.table === 'unix' && (row.rxQueueBytes ?? 0) > 0)
      .toSorted((x, y) => queueOf(y) - queueOf(x))[0]?.inode
    const reader = peer === undefined || peer === '0' ? fullest : peer
    if (reader !== undefined) peers.set(waitsFor.inode, reader)
  }
  return peers
}

const queueOf = (row: object) => (row as { rxQueueBytes?: number }).rxQueueBytes ?? 0
