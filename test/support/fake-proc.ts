import { SourceReadError } from '../../src/errors.ts'
import { emptyEntries, recordedProc } from '../../src/proc/recorded-proc.ts'
import type { ProcSource, SourceMeta } from '../../src/proc/proc-source.ts'

/** A /proc of a few files. `links` are byte strings; `errors` are errno names by path. */
export function procOf(parts: {
  files?: Record<string, string | Buffer>
  links?: Record<string, string>
  errors?: Record<string, string>
  meta?: SourceMeta
}): ProcSource {
  const entries = emptyEntries()
  for (const [path, content] of Object.entries(parts.files ?? {})) {
    entries.files.set(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
  }
  for (const [path, target] of Object.entries(parts.links ?? {})) entries.links.set(path, target)
  for (const [path, code] of Object.entries(parts.errors ?? {})) entries.errors.set(path, code)
  return recordedProc('snapshot', 'test', { endian: 'little', userHz: 100, ...parts.meta }, entries)
}

/** The same source, but claiming to be live: things may change while they are read. */
export function changing(
  source: ProcSource,
  changes: Partial<Pick<ProcSource, 'readFile' | 'readLink' | 'list'>>,
): ProcSource {
  return { ...source, kind: 'live', mayChange: true, isThisMachine: true, ...changes }
}

export function refuse(code: string, path: string): never {
  throw new SourceReadError(code, path)
}

export const TCP_HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
export const UDP_HEADER =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n'
export const UNIX_HEADER = 'Num       RefCount Protocol Flags    Type St Inode Path\n'

interface TcpFields {
  sl?: string
  local?: string
  remote?: string
  state?: string
  queues?: string
  timer?: string
  retransmits?: string
  uid?: string
  inode?: string
  pointer?: string
  rest?: string
}

/** One row of net/tcp; a listener on 127.0.0.1:8080 unless told otherwise. */
export function tcpRow(fields: TcpFields = {}): string {
  const {
    sl = '0',
    local = '0100007F:1F90',
    remote = '00000000:0000',
    state = '0A',
    queues = '00000000:00000000',
  } = fields
  const {
    timer = '00:00000000',
    retransmits = '00000000',
    uid = '0',
    inode = '7000',
    pointer = '00000000aaaaaaaa',
    rest = ' 100 0 0 10 0',
  } = fields
  return `${sl.padStart(4)}: ${local} ${remote} ${state} ${queues} ${timer} ${retransmits} ${uid.padStart(5)} ${'0'.padStart(8)} ${inode} 1 ${pointer}${rest}\n`
}
