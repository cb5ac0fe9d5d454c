import type { Check, CheckId } from './check-machine.ts'
import type { Works } from './list-entry.ts'

/** A program inside a tool: the section says where it attaches, the name is the function's. */
export interface BpfProgram {
  /** `tracepoint/sock/inet_sock_set_state`, `kprobe/vfs_read`, `perf_event`. */
  section: string
  name: string
}

/** What a program may want of the machine beyond the right to load it. */
export type Need =
  | 'tracepoint'
  | 'btf'
  | 'kprobe'
  | 'fentry'
  | 'uprobe'
  | 'software'
  | 'hardware'
  | 'cpufreq'
  | 'headers'
  | 'bpftrace'

/** Every program needs these. */
const ALWAYS: readonly CheckId[] = [
  'user',
  'capabilities',
  'user-namespace',
  'memlock',
  'kernel',
  'bpf-syscall',
  'lockdown',
]

const NEEDS: Record<Need, readonly CheckId[]> = {
  tracepoint: ['tracefs'],
  btf: ['btf'],
  kprobe: ['kprobes'],
  fentry: ['fentry'],
  uprobe: ['uprobes'],
  software: ['sampling'],
  hardware: ['sampling', 'hardware'],
  cpufreq: ['cpufreq'],
  headers: ['headers'],
  bpftrace: ['bpftrace'],
}

/** Needs that are probes, as the doctor sums them up. */
export const PROBE_NEEDS = (Object.keys(NEEDS) as Need[]).filter(need => need !== 'headers' && need !== 'bpftrace')

/** The failed checks that keep what needs this from working; empty where nothing speaks against it. */
export function reasonsAgainst(need: Need, checks: readonly Check[]): Check[] {
  const wanted = new Set([...ALWAYS, ...NEEDS[need]])
  return checks.filter(check => check.severity === 'critical' && wanted.has(check.code))
}

/** Whether programs with this need work here; `unknown` where no file says. */
export function canAttach(need: Need, checks: readonly Check[]): Works {
  if (reasonsAgainst(need, checks).length > 0) return 'no'
  return checks.some(check => check.severity === 'unknown' && NEEDS[need].includes(check.code)) ? 'unknown' : 'yes'
}

export interface Prediction {
  attaches: boolean
  /** The checks that say no. */
  against: Check[]
  /** What the tool wants and does not get: `kprobe/vfs_read`. */
  wants?: string | undefined
}

/** How a section begins → what attaching it takes. Source: libbpf's table of program types, libbpf.c section_defs. */
const SECTION_NEEDS: readonly [RegExp, Need][] = [
  [/^(tp|tracepoint)\//, 'tracepoint'],
  [/^(raw_tp|raw_tracepoint|tp_btf|iter|lsm)[./]/, 'btf'],
  [/^(kprobe|kretprobe|kprobe\.multi|kretprobe\.multi|ksyscall|kretsyscall)(\/|$)/, 'kprobe'],
  [/^(fentry|fexit|fmod_ret)[./]/, 'fentry'],
  [/^(uprobe|uretprobe|usdt)(\.s)?(\/|$)/, 'uprobe'],
  [/^perf_event$/, 'software'],
  [/^hardware\//, 'hardware'],
]

/** gethostlatency calls its probes of libc kprobes of a function that no kernel has, and attaches them by hand. */
const USER_FUNCTION = /^k(ret)?probe\/handle_(entry|return)$/

/**
 * Whether a tool will attach here, predicted from the probes in its binary or script without running it.
 *
 * `needs` is what the tool needs whatever it attaches: BTF for a libbpf-tool, headers for one of BCC.
 * A tool that carries both kprobe and fentry programs takes what the kernel offers; every other kind it carries it needs.
 * Does not see: functions and fields this kernel has no more (biotop, runqlen), and what the arguments ask for.
 */
export function predictAttach(
  programs: readonly BpfProgram[],
  needs: readonly Need[],
  checks: readonly Check[],
): Prediction {
  const wanted = new Map<Need, string>(needs.map(need => [need, need]))
  for (const { section } of programs) {
    const need = needOf(section)
    if (need !== undefined && !wanted.has(need)) wanted.set(need, section)
  }
  const against = (need: Need) => reasonsAgainst(need, checks)
  if (wanted.has('kprobe') && wanted.has('fentry'))
    wanted.delete(against('kprobe').length === 0 ? 'fentry' : against('fentry').length === 0 ? 'kprobe' : 'fentry')
  for (const [need, wants] of wanted) {
    const reasons = against(need)
    if (reasons.length > 0) return { attaches: false, against: reasons, wants }
  }
  return { attaches: true, against: [] }
}

function needOf(section: string): Need | undefined {
  if (USER_FUNCTION.test(section)) return 'uprobe'
  return SECTION_NEEDS.find(([form]) => form.test(section))?.[1]
}
