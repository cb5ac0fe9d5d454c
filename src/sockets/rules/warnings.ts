import type { DumpsReport, ShortTable } from '../model.ts'
import type { TableName } from '../tables/socket-row.ts'
import type { Warning } from '../../warnings.ts'
import { groupBy } from '../../group-by.ts'
import { dumpWarnings } from './dump-warnings.ts'
import { nameText } from '../../namespaces/rules/name-text.ts'
import { unreadableRemedy } from '../../processes/unreadable-remedy.ts'
import type { BogusLine } from '../../proc/bogus-line.ts'

/** What limited an answer about sockets. */
export interface SocketLimits {
  bogus: readonly BogusLine[]
  missing: readonly { table: TableName; code: string }[]
  short: readonly ShortTable[]
  /** Read from a recording, not from this machine. */
  recorded: boolean
  /** Tables that the user asked for by name. */
  asked: ReadonlySet<TableName>
  dumps: DumpsReport
  /** Tables of which sockets are shown. */
  shown: ReadonlySet<TableName>
  recovered: number
  byteOrderAssumed: boolean
  unverified: number
  owners: OwnerLimits | undefined
}

export interface OwnerLimits {
  processes: number
  unreadable: number
  /** Sockets shown, those of them without an owner, and those of these that an unreadable process may hold. */
  shownSockets: number
  ownerlessSockets: number
  hiddenSockets: number
  hidepid: boolean
  inPidNamespace: boolean
  threadsCut: boolean
  isRoot: boolean
  /** Has the capabilities that open every process of its user namespace. */
  isCapable: boolean
}

/** One warning for every fact that limits the answer. */
export function socketWarnings(limits: SocketLimits): Warning[] {
  return [
    ...tableWarnings(limits),
    ...dumpWarnings(limits),
    ...(limits.owners ? ownerWarnings(limits.owners, limits.recorded) : []),
  ]
}

function tableWarnings(limits: SocketLimits): Warning[] {
  const warnings: Warning[] = []
  for (const { table, code } of limits.missing) {
    if (table.startsWith('mptcp')) {
      if (table === 'mptcp') warnings.push(MPTCP_UNKNOWN)
      continue
    }
    // A kernel without a protocol is worth a remark only where the user asked for it.
    if (code === 'ENOENT' && !limits.asked.has(table)) continue
    warnings.push({
      code: 'tables-missing',
      message: `net/${table} could not be read: ${reasonOf(code, limits.recorded)}`,
    })
  }
  for (const { table, rows, counted, netns } of limits.short) {
    warnings.push({
      code: 'rows-missing',
      message: `net/${table}${netns === undefined ? '' : ` of ${nameText(netns.label)}`} shows ${rows} sockets where the kernel counts ${counted}: it changed while it was read, and at least ${counted - rows} are missing here`,
      hint: limits.recorded ? 'record it anew when less comes and goes' : 'run it again',
    })
  }
  for (const [file, lines] of groupBy(limits.bogus, line => line.file)) {
    const first = lines[0]!
    warnings.push({
      code: 'lines-skipped',
      message: `${plural(lines.length, 'line')} of ${file} ${lines.length === 1 ? 'is not a row and was' : 'are not rows and were'} left out; line ${first.line} reads: ${first.text.trim()}`,
    })
  }
  if (limits.recovered > 0) {
    warnings.push({
      code: 'table-changed',
      message: `the table changed while it was read; ${plural(limits.recovered, 'row')} recovered by reading again`,
    })
  }
  if (limits.byteOrderAssumed) {
    warnings.push({
      code: 'byte-order-assumed',
      message: 'the recording does not say the byte order of its machine; addresses are read as little-endian',
      hint: 'give --endian big if they look reversed',
    })
  }
  if (limits.unverified > 0) {
    warnings.push({
      code: 'rows-unverified',
      message: `${plural(limits.unverified, 'unix row')} may be forged by the name of another socket; --why marks ${limits.unverified === 1 ? 'it' : 'them'}`,
    })
  }
  return warnings
}

const MPTCP_UNKNOWN: Warning = {
  code: 'tables-missing',
  message: 'MPTCP sockets are not known: no table of /proc lists them, and the kernel itself could not be asked',
  hint: 'it takes koffi, or a recording that was made with it, and a kernel with MPTCP',
}

/** Why a table could not be read. */
function reasonOf(code: string, recorded: boolean): string {
  if (code === 'EINVAL') return 'it is not a plain file'
  if (code !== 'ENOENT') return code
  return recorded ? 'the recording does not hold it' : 'this kernel has no such table'
}

function ownerWarnings(owners: OwnerLimits, recorded: boolean): Warning[] {
  const warnings: Warning[] = []
  if (recorded) {
    if (owners.unreadable > 0)
      warnings.push({
        code: 'processes-unreadable',
        message: `${plural(owners.unreadable, 'process', 'es')} could not be looked into when the recording was made`,
      })
    return warnings
  }
  const effect = effectOf(owners)
  if (owners.unreadable > 0) {
    const total = owners.processes + owners.unreadable
    warnings.push({
      code: 'processes-unreadable',
      message: `${owners.unreadable} of ${plural(total, 'process', 'es')} could not be looked into${effect}`,
      hint: unreadableRemedy(owners),
    })
  } else if (owners.hidepid) {
    warnings.push({
      code: 'processes-hidden',
      message: `/proc is mounted with hidepid and shows no process of other users${effect}`,
      hint: unreadableRemedy(owners),
    })
  }
  if (owners.inPidNamespace && owners.hiddenSockets > 0) {
    warnings.push({
      code: 'pid-namespace',
      message: `only the processes of this pid namespace can be seen; ${plural(owners.hiddenSockets, 'socket')} shown without an owner may belong to others`,
      hint: "run it on the host, or in a container that shares the host's pid namespace",
    })
  }
  if (owners.threadsCut)
    warnings.push({
      code: 'threads-unsearched',
      message: 'there are too many threads to search all their descriptor tables',
    })
  return warnings
}

/** What hidden processes mean for the sockets that are shown. */
function effectOf({ shownSockets, ownerlessSockets, hiddenSockets }: OwnerLimits): string {
  if (hiddenSockets > 0) return `; ${plural(hiddenSockets, 'socket')} shown without an owner may be theirs`
  if (ownerlessSockets > 0) return '; no socket shown lacks an owner for that reason'
  return shownSockets > 0 ? '; every socket shown has an owner all the same' : ''
}

function plural(count: number, word: string, ending = 's'): string {
  return `${count} ${word}${count === 1 ? '' : ending}`
}
