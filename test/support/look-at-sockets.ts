import { NUMERIC } from '../../src/sockets/names/names.ts'
import { collectSockets } from '../../src/sockets/read.ts'
import type { Socket } from '../../src/sockets/model.ts'
import { ALL_TABLES } from '../../src/sockets/tables/read-tables.ts'
import { isInetRow, type TableName } from '../../src/sockets/tables/socket-row.ts'
import { openSource } from '../../src/proc/open-source.ts'
import type { ProcSource } from '../../src/proc/proc-source.ts'
import { TCP_HEADER } from './fake-proc.ts'
import { ZOO } from './paths.ts'

/** What the texts of cells need to know. */
export const NUMERIC_CELLS = { names: NUMERIC, userHz: 100 }

/** All sockets of the tables with their owners. */
export function look(source: ProcSource, tables: readonly TableName[] = ALL_TABLES, level: 'name' | 'full' = 'name') {
  return collectSockets(source, {
    tables,
    selection: { all: true, listening: false, ports: [] },
    owners: level,
    listUnlisted: true,
  })
}

export const socketAt = (sockets: readonly Socket[], port: number): Socket =>
  sockets.find(({ row }) => isInetRow(row) && row.localPort === port)!

/** The files of a /proc with these rows of net/tcp. */
export const tcp = (rows: string) => ({ 'net/tcp': TCP_HEADER + rows })

/** A recording of sockets of every kind. */
export const openZoo = () => openSource(ZOO, undefined)
