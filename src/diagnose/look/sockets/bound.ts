import { optional } from '../../../errors.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { readDump, readSocketTables, socketsOfDump } from '../../../sockets/index.ts'
import { INET_TABLES, type InetRow, type UnixRow } from '../../../sockets/model.ts'
import type { ObservedNamespace } from '../../observed/sockets.ts'
import type { Trace } from '../../observed/traced.ts'
import { tcpLook } from './tcp-tally.ts'

/** Addresses that a program could not bind. */
export interface RefusedAddresses {
  ports: ReadonlySet<number>
  /** Of unix sockets. */
  names: ReadonlySet<string>
}

export function refusedAddresses(trace: Trace | undefined): RefusedAddresses {
  const addresses = (trace?.failures ?? [])
    .filter(({ call, error }) => call === 'bind' && error === 'EADDRINUSE')
    .flatMap(({ examples }) => examples.flatMap(({ address }) => address ?? []))
  return {
    ports: new Set(addresses.flatMap(({ port }) => (port ? [port] : []))),
    names: new Set(
      addresses.flatMap(({ family, address }) => (family === 'unix' && address.length > 1 ? [address] : [])),
    ),
  }
}

/**
 * Adds who may have these addresses and stands in no table that was read: TCP sockets that are bound and do not listen,
 * which the kernel tells since 6.8, and unix sockets with a name.
 */
export function lookAtBound(
  source: ProcSource,
  namespaces: readonly ObservedNamespace[],
  { ports, names }: RefusedAddresses,
): void {
  for (const { pid, b } of namespaces) {
    if (b === undefined) continue
    if (ports.size > 0) {
      const known = new Set(b.tcp.map(({ inode }) => inode))
      for (const row of boundOnly(source, `${pid}/net`))
        if (ports.has(row.localPort) && !known.has(row.inode)) b.tcp.push(tcpLook(row))
    }
    if (names.size > 0) b.unix = unixNamed(source, `${pid}/net`, names)
  }
}

function boundOnly(source: ProcSource, folder: string): InetRow[] {
  if (source.dumpSockets === undefined) return []
  return (['tcp', 'tcp6'] as const).flatMap(table => {
    const dump = optional(() => socketsOfDump(readDump(source, table, { bound: true, withoutTimeWait: true }, folder)))
    const rows = (dump?.rows ?? []).filter((row): row is InetRow => INET_TABLES.includes(row.table as never))
    return rows.filter(({ state, inode }) => inode !== '0' && (state === TCP_STATE.close || state > LAST_STATE))
  })
}

/** Of those that /proc shows; a socket that is only bound has one of its own. */
const LAST_STATE = 12

/** The kernel copies so many bytes of a name at least, of those that were refused. */
const NAME_BYTES = 58

function unixNamed(source: ProcSource, folder: string, names: ReadonlySet<string>): { path: string; inode: string }[] {
  const read = optional(() =>
    readSocketTables(source, {
      tables: ['unix'],
      littleEndian: source.meta.endian !== 'big',
      folder,
      singleRead: true,
    }),
  )
  return ((read?.rows ?? []) as UnixRow[]).flatMap(({ path = '', inode }) =>
    names.has(path.slice(0, NAME_BYTES)) && inode !== '0' ? [{ path, inode }] : [],
  )
}
