import { errnoOf, optional, SourceReadError } from '../../errors.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { isTcp6Empty } from '../../proc/net/sockstat.ts'
import type { DumpFamily, ProcSource } from '../../proc/proc-source.ts'
import { forEachTcp, readDump, readSocketTables } from '../../sockets/index.ts'
import type { InetRow, PassingTcp, SocketDump, TcpTable } from '../../sockets/model.ts'
import type { Labels } from '../model.ts'

/** A network namespace that is read. */
export interface Place {
  /** The same as long as it is the same namespace. */
  key: string
  /** `netns` where several are read, else nothing. */
  labels: Labels
  source: ProcSource
  /** Opens something in it; absent where this may not be done. */
  within?: (<T>(open: () => T) => T) | undefined
}

/** The TCP sockets of a namespace at one moment: read once, passed by as often as they are needed. */
export interface TcpReading {
  forEach(visit: (socket: PassingTcp) => void): void
  /** What the kernel answered; undefined where tables of /proc were read instead. */
  dumps: readonly SocketDump[] | undefined
  /** The source, which now gives what was read here to whoever asks for the same. */
  source: ProcSource
}

/**
 * Reads the TCP sockets of a namespace: one walk of the kernel for each family, with struct tcp_info. Without netlink (no
 * koffi, a recording, another namespace that may not be entered) the tables of /proc are read: they lack the limits of
 * accept queues and what connections have carried. Throws where neither can be read.
 */
export function readTcp(source: ProcSource): TcpReading {
  return (source.dumpSockets && optional(() => fromKernel(source))) ?? fromTables(source)
}

function fromKernel(source: ProcSource): TcpReading {
  const dumpOf = (family: TcpTable) => readDump(source, family, { facts: 'tcp-info' })
  const dumps = [dumpOf('tcp')]
  // The kernel walks all its connections once more, to find none.
  const gauge = (file: string) => optional(() => source.readFile(`net/${file}`))
  if (!isTcp6Empty(gauge) || !isTcp6Empty(gauge, timeWaitOf(dumps[0]!))) {
    // A machine without IPv6 has no such family.
    const tcp6 = orAbsent(() => dumpOf('tcp6'))
    if (tcp6 !== undefined) dumps.push(tcp6)
  }
  const known = new Map<DumpFamily, Buffer>(dumps.map(({ family, wire }) => [family, wire.bytes]))
  return {
    forEach(visit) {
      for (const dump of dumps) forEachTcp(dump, visit)
    },
    dumps,
    source: {
      ...source,
      dumpSockets(family, choice, folder) {
        const bytes = folder === 'net' ? known.get(family) : undefined
        return bytes ?? source.dumpSockets!(family, choice, folder)
      },
    },
  }
}

/** What is left of closed connections. */
function timeWaitOf(dump: SocketDump): number {
  let count = 0
  forEachTcp(dump, ({ state, inode }) => {
    if (inode === 0 && (state === TCP_STATE.timeWait || state === TCP_STATE.finWait2)) count += 1
  })
  return count
}

function orAbsent<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function fromTables(source: ProcSource): TcpReading {
  const { rows, missing } = readSocketTables(source, {
    tables: ['tcp', 'tcp6'],
    littleEndian: source.meta.endian !== 'big',
  })
  const tcp = missing.find(({ table }) => table === 'tcp')
  if (tcp !== undefined) throw new SourceReadError(tcp.code, 'net/tcp')
  const sockets = (rows as InetRow[]).map(row => ({
    table: row.table as TcpTable,
    state: row.state,
    localAddress: row.localAddress,
    localPort: row.localPort,
    rxQueueBytes: row.rxQueueBytes,
    txQueueBytes: row.txQueueBytes,
    acceptQueueLimit: row.acceptQueueLimit,
    inode: Number(row.inode),
  }))
  return { forEach: visit => sockets.forEach(visit), dumps: undefined, source }
}
