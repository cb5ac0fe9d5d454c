import { KIND } from '../../../kernel/syscall-kind.ts'
import type { SyscallProfile } from '../../profile.ts'
import { callsNamed, percent, rowsOf, view, type Conclusion } from './conclusion.ts'
import { counted } from '../../../terminal/units.ts'

export function forkStorm(profile: SyscallProfile): Conclusion | undefined {
  const execs = rowsOf(profile, KIND.execs)
  const forks = rowsOf(profile, KIND.forks)
  const made = forks.reduce((sum, row) => sum + row.calls - row.errors, 0)
  const { durationNs } = profile.meta
  const rate = durationNs === undefined ? undefined : (made * 1e9) / durationNs
  if (made < 50 || (rate !== undefined && rate < 20)) return undefined
  const programs = execs.reduce((sum, row) => sum + row.calls - row.errors, 0)
  return {
    code: 'fork-storm',
    severity: 'info',
    finding: `${made} processes and threads were made${rate === undefined ? '' : `, ${rate.toFixed(0)} a second`}, ${counted(programs, 'program')} ${programs === 1 ? 'was' : 'were'} started`,
    next: `a loop starts a program each time round: do its work inside, or hand it many inputs at once; ${view(profile, '--tree', 'shows what starts what')}`,
    facts: { made, programs, ...(rate !== undefined && { perSecond: rate }) },
  }
}

/** What starting a program maps and unmaps at most, by and large. */
const START = { maps: 20, unmaps: 2 }

/** Memory is taken from the kernel and given back at once; what loads a program keeps nearly all it maps. */
export function mappingChurn(profile: SyscallProfile): Conclusion | undefined {
  const maps = callsNamed(profile, 'mmap', 'mmap2', 'old_mmap')
  const unmaps = callsNamed(profile, 'munmap')
  const starts = rowsOf(profile, KIND.execs).reduce((sum, row) => sum + row.calls - row.errors, 0)
  const own = unmaps - START.unmaps * starts
  if (own < 500 || own < (maps - START.maps * starts) / 2) return undefined
  return {
    code: 'mmap-churn',
    severity: 'info',
    finding: `${maps} mmap and ${unmaps} munmap calls: memory is taken and given back at once, and every page of it faults anew`,
    next: 'keep buffers and use them again; of malloc, raise M_MMAP_THRESHOLD and M_TRIM_THRESHOLD (GLIBC_TUNABLES=glibc.malloc.mmap_threshold=…)',
    facts: { maps, unmaps },
  }
}

const CLOCKS = new Set(['clock_gettime', 'clock_gettime64', 'gettimeofday', 'time'])

/** Clocks that the vDSO would answer without the kernel. */
export function clockCalls(profile: SyscallProfile): Conclusion | undefined {
  const rows = profile.syscalls.filter(row => CLOCKS.has(row.name))
  const calls = rows.reduce((sum, row) => sum + row.calls, 0)
  const all = profile.syscalls.reduce((sum, row) => sum + row.calls, 0)
  if (calls < 1000 || calls < all * 0.05) return undefined
  return {
    code: 'clock-calls',
    severity: 'warning',
    finding: `${calls} calls asked for the time (${rows.map(row => `${row.name} ${row.calls}`).join(', ')}), ${percent(calls, all)} % of all: the vDSO does not answer them`,
    next: 'look at /sys/devices/system/clocksource/clocksource0/current_clocksource: with tsc (or kvm-clock) the vDSO needs no call, with hpet, acpi_pm or xen it does. The CPU clocks of a process or thread always need one: ask them less often',
    facts: { calls, all },
  }
}
