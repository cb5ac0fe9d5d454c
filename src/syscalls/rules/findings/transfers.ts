import { KIND } from '../../../kernel/syscall-kind.ts'
import type { SyscallProfile, Transfer } from '../../profile.ts'
import { counted, formatDurationNs } from '../../../terminal/units.ts'
import { addStats } from '../call-stats.ts'
import { callsNamed, rowsOf, view, type Conclusion } from './conclusion.ts'

const PAGE = 4096

/** Up to so many bytes cost as much as one: nearly all of it is the call. */
const SMALL_BYTES = 64

export function oneByteTransfers(profile: SyscallProfile): Conclusion[] {
  return profile.syscalls.flatMap(({ name, transfer, calls }): Conclusion[] => {
    if (transfer === undefined || transfer.oneByteCalls < 100 || transfer.oneByteCalls <= transfer.calls / 2) return []
    const bytes = transfer.oneByteCalls
    return [
      {
        code: 'one-byte-io',
        severity: 'warning',
        finding: `${bytes} of ${counted(calls, `${name} call`)} moved a single byte`,
        next: `buffer it: 4 KiB a call would need ${counted(Math.ceil(bytes / PAGE), 'call')} for these ${bytes} bytes; ${view(profile, '--by file', 'says which file')}`,
        facts: { syscall: name, calls, oneByteCalls: transfer.oneByteCalls, bytes },
      },
    ]
  })
}

/** Transfers of a few bytes; where single bytes prevail, that is said instead. */
export function smallTransfers(profile: SyscallProfile): Conclusion[] {
  return profile.syscalls.flatMap(({ name, transfer, calls }): Conclusion[] => {
    if (transfer === undefined || transfer.oneByteCalls > transfer.calls / 2) return []
    const small = smallOf(transfer)
    if (small.calls < 1000 || small.calls <= transfer.calls / 2) return []
    const mean = small.bytes / small.calls
    const wakeUps = mean === 8 ? ' (unless it is an eventfd or a timer, whose 8 bytes only wake)' : ''
    return [
      {
        code: 'small-io',
        severity: 'info',
        finding: `${small.calls} of ${counted(calls, `${name} call`)} moved ${mean.toFixed(mean < 10 ? 1 : 0)} bytes each on average`,
        next: `buffer it${wakeUps}: 4 KiB a call would need ${counted(Math.ceil(small.bytes / PAGE), 'call')} for these ${small.bytes} bytes; ${view(profile, '--by file', 'says which file')}`,
        facts: { syscall: name, calls, smallCalls: small.calls, bytes: small.bytes },
      },
    ]
  })
}

/** Where single sizes are not known, all count as small if they are so on average. */
function smallOf({ calls, bytes, small }: Transfer): { calls: number; bytes: number } {
  if (small !== undefined) return small
  return bytes <= calls * SMALL_BYTES ? { calls, bytes } : { calls: 0, bytes: 0 }
}

/** A position is set for each read or write, which could name it itself. */
export function seeks(profile: SyscallProfile): Conclusion | undefined {
  const seeks = callsNamed(profile, 'lseek', '_llseek')
  const moves = callsNamed(profile, 'read', 'write', 'readv', 'writev')
  const pairs = profile.seeksThenMoves
  // Without the order of the calls only their numbers tell.
  if (
    pairs === undefined
      ? Math.min(seeks, moves) < 500 || Math.max(seeks, moves) > 2 * Math.min(seeks, moves)
      : pairs < 500
  )
    return undefined
  return {
    code: 'seek-and-move',
    severity: 'info',
    finding:
      pairs === undefined
        ? `${seeks} lseek calls stand beside ${moves} reads and writes`
        : `${pairs} reads and writes had an lseek of their own right before them`,
    next: `pread and pwrite take the position as an argument: half of the calls could go; ${view(profile, '--by file', 'says on which file')}`,
    facts: { seeks, transfers: moves, ...(pairs !== undefined && { pairs }) },
  }
}

export function diskSyncs(profile: SyscallProfile): Conclusion | undefined {
  const rows = rowsOf(profile, KIND.syncs)
  const { calls, wall } = addStats(rows)
  if (calls < 20) return undefined
  const time =
    wall === undefined
      ? ''
      : `, ${formatDurationNs(wall.totalNs / calls)} each on average, ${formatDurationNs(wall.totalNs)} in all`
  return {
    code: 'sync-storm',
    severity: 'warning',
    finding: `${calls} calls forced data to the disk (${rows.map(row => `${row.name} ${row.calls}`).join(', ')})${time}`,
    next: `sync once per batch (group commit), or open with O_DSYNC where each write must be safe; ${view(profile, '--by file', 'says which file')}`,
    facts: { calls, ...(wall && { wallNs: wall.totalNs }) },
  }
}
