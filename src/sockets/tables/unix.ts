import type { UnixRow } from './unix-row.ts'
import { QUOTE_BYTES, type BogusLine } from '../../proc/bogus-line.ts'

/** Bytes of a socket name: sun_path of sockaddr_un. Source: unix(7). */
const NAME_BYTES = 108

/** `%pK: %08X %08X %08X %04X %02X %5lu`, then one blank and the name. refcount, protocol, flags, type, state are hex. */
const ROW =
  /^([0-9a-f]{8,16}): ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{4}) ([0-9A-F]{2}) +(\d+)(?: ([^]*))?$/i

/** Kernels before 2.6 printed no inode column. */
const ROW_WITHOUT_INODE =
  /^([0-9a-f]{8,16}): ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{4}) ([0-9A-F]{2})(?: +([^]*))?$/i

/** What netstat's sscanf takes for a row: any number of blanks and digits. */
const LOOSE_ROW =
  /^\s*(?:0x)?([0-9a-f]+):\s*([0-9a-f]+)\s+([0-9a-f]+)\s+([0-9a-f]+)\s+([0-9a-f]+)\s+([0-9a-f]+)\s+(\d+)(?: ([^]*))?$/i

export interface UnixTableText {
  rows: UnixRow[]
  bogus: BogusLine[]
  /** Lines that continue the name of the row above them: its name holds a newline. */
  continuations: number
}

/**
 * Rows of /proc/net/unix.
 *
 * Source: Linux net/unix/af_unix.c, unix_seq_show. One line:
 * `00000000197816f0: 00000002 00000000 00010000 0001 01 500302 /tmp/has space.sock`.
 * The kernel prints names as they are. A name with a newline therefore continues on the next line, and its rest may be
 * made to look like a row; such a row is marked `mayBeForged`, which it can only be while it still fits into the 108
 * bytes of the name it would belong to. `asNetstat` also takes what only netstat would call a row. Does not show: the peer, and whether a path was deleted.
 */
export function parseUnixTable(bytes: Buffer, asNetstat = false): UnixTableText {
  const rows: UnixRow[] = []
  const bogus: BogusLine[] = []
  let continuations = 0
  /** Bytes of the shortest name the next line could belong to; undefined where it can belong to none. */
  let nameBytes: number | undefined
  const fits = (length: number | undefined, line: string) =>
    length !== undefined && length + 1 + line.length <= NAME_BYTES
  const lines = bytes.toString('latin1').split('\n')
  if (lines.at(-1) === '') lines.pop()
  const pattern = lines[0]?.includes('Inode') === false ? ROW_WITHOUT_INODE : asNetstat ? LOOSE_ROW : ROW
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i]!
    const match = pattern.exec(line)
    const last = rows.at(-1)
    if (match) {
      const mayBeForged = fits(nameBytes, line)
      const row = rowOf(match, pattern !== ROW_WITHOUT_INODE, mayBeForged)
      const extended = mayBeForged ? nameBytes! + 1 + line.length : NAME_BYTES
      nameBytes =
        row.path === undefined && !mayBeForged ? undefined : Math.min(extended, row.path?.length ?? NAME_BYTES)
      rows.push(row)
    } else if (last?.path !== undefined && fits(last.path.length, line)) {
      last.path += `\n${line}`
      continuations += 1
      nameBytes = Math.min(NAME_BYTES, nameBytes! + 1 + line.length)
    } else if (line.trim() !== '') {
      bogus.push({ file: 'net/unix', line: i + 1, text: line.slice(0, QUOTE_BYTES) })
    }
  }
  return { rows, bogus, continuations }
}

function rowOf(match: RegExpExecArray, hasInode: boolean, mayBeForged: boolean): UnixRow {
  const hex = (group: number) => Number.parseInt(match[group]!, 16)
  return {
    table: 'unix',
    pointer: match[1]!,
    refs: hex(2),
    flags: hex(4),
    type: hex(5),
    state: hex(6),
    inode: hasInode ? match[7]! : '0',
    path: hasInode ? match[8] : match[7],
    mayBeForged,
  }
}
