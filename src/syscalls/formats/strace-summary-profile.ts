import type { StraceRow, StraceTable } from '../strace-columns.ts'
import type { RejectedLines, SyscallProfile, SyscallStats, TimeSpent } from '../profile.ts'
import type { Warning } from '../../warnings.ts'

/**
 * The profile in tables of `strace -c`. They do not say whether their time is system or wall time (`-w`), so that
 * comes as an argument; the `wall-*` columns of strace 7.1 say it themselves.
 */
export function summaryProfile(
  tables: readonly StraceTable[],
  rejected: RejectedLines[],
  isWallTime: boolean,
): SyscallProfile {
  return {
    meta: { backend: 'strace-summary' },
    syscalls: tables.flatMap(table => {
      const timed = !hasNegativeTimes(table)
      return table.rows.map(row => syscallStats(table, row, isWallTime, timed))
    }),
    rejected,
    warnings: tables.flatMap(table => tableWarnings(table)),
  }
}

/** Times below 0 say that -O took off more than calls cost: then none of the table is the time of anything. */
function hasNegativeTimes({ rows }: StraceTable): boolean {
  return rows.some(({ cells }) => (cells.seconds ?? 0) < 0 || (cells['wall-total'] ?? 0) < 0)
}

function syscallStats(
  table: StraceTable,
  { name, cells }: StraceRow,
  isWallTime: boolean,
  isTimed: boolean,
): SyscallStats {
  const counts = {
    name,
    abi: table.abi,
    calls: cells.calls ?? 0,
    // A blank cell in a column that is there means none.
    errors: cells.errors ?? 0,
  }
  if (!isTimed) return counts
  const time = timeSpent(cells.seconds, cells.shortest, cells.longest, cells['usecs/call'])
  const wall = timeSpent(cells['wall-total'], cells['wall-min'], cells['wall-max'], cells['wall-avg'])
  return {
    ...counts,
    system: isWallTime ? undefined : time,
    wall: wall ?? (isWallTime ? time : undefined),
  }
}

const SECOND_NS = 1e9

function timeSpent(
  seconds: number | undefined,
  shortest: number | undefined,
  longest: number | undefined,
  usecsPerCall: number | undefined,
): TimeSpent | undefined {
  if (seconds === undefined) return undefined
  const ns = (value: number | undefined) => (value === undefined ? undefined : Math.round(value * SECOND_NS))
  return {
    totalNs: Math.round(seconds * SECOND_NS),
    minNs: ns(shortest),
    maxNs: ns(longest),
    meanNs: usecsPerCall === undefined || !Number.isInteger(usecsPerCall) ? undefined : usecsPerCall * 1e3,
  }
}

/**
 * A log with the tables that `strace -C` wrote behind it: the log says more, so only its system time comes from them.
 * Their time is wall time (-w) where it adds up to that of the log but for rounding.
 */
export function joinSummary(log: SyscallProfile, tables: readonly StraceTable[], isWallTime: boolean): SyscallProfile {
  if (tables.length === 0) return log
  const table = summaryProfile(tables, [], isWallTime)
  const byName = new Map(table.syscalls.map(row => [`${row.name} ${row.abi}`, row]))
  const total = (rows: readonly SyscallStats[], kind: 'system' | 'wall') =>
    rows.reduce((sum, row) => sum + (row[kind]?.totalNs ?? 0), 0)
  const calls = log.syscalls.reduce((sum, row) => sum + row.calls, 0)
  const difference = Math.abs(total(table.syscalls, 'system') - total(log.syscalls, 'wall'))
  const isSystem = !isWallTime && (total(log.syscalls, 'wall') === 0 || difference > calls * 1e3)
  if (isSystem) for (const row of log.syscalls) row.system = byName.get(`${row.name} ${row.abi}`)?.system
  log.warnings.push(...table.warnings)
  return log
}

/** What the table contradicts itself in. */
function tableWarnings(table: StraceTable): Warning[] {
  const warnings: Warning[] = []
  const { rows, total } = table
  const mode = table.abi === 'native' ? '' : ` of the ${table.abi} table`
  if (hasNegativeTimes(table))
    warnings.push({
      code: 'times-negative',
      message: `times below 0${mode}: strace -O took off more than the calls cost, so only calls and errors are shown`,
      hint: 'record it again without -O, or with a smaller overhead',
    })
  if (rows.some(row => !Number.isInteger(row.cells['usecs/call'] ?? 0)))
    warnings.push({
      code: 'foreign-table',
      message: 'usecs/call holds fractions: this table was not written by strace, its mean is worked out anew',
    })
  if (total === undefined) {
    if (rows.length > 0)
      warnings.push({ code: 'total-missing', message: `the total row${mode} is missing, so nothing checks the rows` })
    return warnings
  }
  const sum = (column: 'calls' | 'errors' | 'seconds') => rows.reduce((all, row) => all + (row.cells[column] ?? 0), 0)
  for (const column of ['calls', 'errors'] as const)
    if (table.columns.includes(column) && sum(column) !== (total.cells[column] ?? 0))
      warnings.push({
        code: 'total-mismatch',
        message: `the total row${mode} says ${total.cells[column] ?? 0} ${column}, but its rows add up to ${sum(column)}`,
      })
  // Every row is rounded to a microsecond by itself.
  const seconds = total.cells.seconds
  if (seconds !== undefined && Math.abs(sum('seconds') - seconds) > (rows.length + 1) * 1e-6)
    warnings.push({
      code: 'total-mismatch',
      message: `the total row${mode} says ${seconds} seconds, but its rows add up to ${sum('seconds').toFixed(6)}`,
    })
  return warnings
}
