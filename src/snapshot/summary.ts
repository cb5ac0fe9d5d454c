import type { ProcSource } from '../proc/proc-source.ts'
import { recordedProc, type RecordedProc } from '../proc/recorded-proc.ts'
import type { NamespaceSummary, SnapshotSummary } from './model.ts'
import { recordSnapshot } from './record.ts'
import { ALL_TABLES, readSocketTables } from '../sockets/index.ts'

/** A recording whose entries are known; a folder is read for that as a snapshot of it would be. */
export function asRecorded(source: ProcSource): RecordedProc {
  if ('entries' in source) return source as RecordedProc
  const { meta, entries } = recordSnapshot(source)
  return recordedProc('snapshot', source.label, meta, entries)
}

export function summariseSnapshot(source: RecordedProc): SnapshotSummary {
  const { files, links, errors } = source.entries
  const folders = new Set<string>()
  const pids = new Set<string>()
  for (const path of [...files.keys(), ...links.keys(), ...errors.keys()]) {
    const folder = /^(?:\d+\/(?:task\/\d+\/)?|netns\/\d+\/)?net(?=\/)/.exec(path)?.[0]
    if (folder !== undefined && files.has(path)) folders.add(folder)
    const pid = /^\d+(?=\/|$)/.exec(path)?.[0]
    if (pid !== undefined) pids.add(pid)
  }
  const unreadable = new Map<string, string[]>()
  for (const [path, code] of errors) {
    const paths = unreadable.get(code)
    if (paths === undefined) unreadable.set(code, [path])
    else paths.push(path)
  }
  return {
    processes: pids.size,
    files: [...files.keys()].filter(path => !path.endsWith('/')).length,
    links: links.size,
    namespaces: [...folders].map(folder => summariseNamespace(source, folder)),
    unreadable,
  }
}

function summariseNamespace(source: RecordedProc, folder: string): NamespaceSummary {
  const { rows } = readSocketTables(source, {
    tables: ALL_TABLES,
    littleEndian: source.meta.endian !== 'big',
    folder,
    singleRead: true,
  })
  const sockets: Record<string, number> = {}
  for (const row of rows) sockets[row.table] = (sockets[row.table] ?? 0) + 1
  const own = folder === 'net'
  const held = /^netns\/(\d+)\//.exec(folder)?.[1]
  const link = source.entries.links.get(own ? 'self/ns/net' : folder.replace(/net$/, 'ns/net'))
  const netns = held === undefined ? link : `net:[${held}]`
  return { netns: own ? (source.meta.netns ?? netns) : netns, folder, sockets }
}
