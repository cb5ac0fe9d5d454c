import type { BpfError } from '../../model.ts'

/** What a line of bpftrace's stderr means. */
export type StderrFact =
  | { kind: 'skipped'; probe: string }
  | ({ kind: 'error' | 'warning' } & BpfError)
  | { kind: 'lost'; events: number }

/** Harmless: memory is charged to the cgroup since 5.11; both spellings of renamed variables are set. */
const NOISE = /RLIMIT_MEMLOCK|is deprecated\. Use BPFTRACE_/

/**
 * One line of stderr; nothing where it says nothing of its own (the source line under an error, noise).
 *
 * `stdin:1:33-47: ERROR: Struct/union of type 'x' does not contain a field named 'nosuch'`
 * `WARNING: could not attach probe kprobe:vfs_read, skipping.`
 */
export function parseBpftraceStderr(line: string): StderrFact | undefined {
  if (NOISE.test(line)) return undefined
  const skipped = /could not attach probe ([^,\s]+), skipping/i.exec(line)
  if (skipped !== null) return { kind: 'skipped', probe: skipped[1]! }
  const lost = /Total lost event count: (\d+)/.exec(line)
  if (lost !== null) return { kind: 'lost', events: Number(lost[1]) }
  // `stdin:3:5-9:` columns of one line, `stdin:3-5:` lines.
  const placed = /^[^:\s]+:(\d+)(?::(\d+)(?:-(\d+))?)?(?:-\d+)?: (ERROR|WARNING|FATAL): (.*)$/.exec(line)
  if (placed !== null) {
    const [, row, from, to = from, kind, text] = placed
    return {
      kind: kind === 'WARNING' ? 'warning' : 'error',
      text: text!,
      at: { line: Number(row), ...(from !== undefined && { columns: [Number(from), Number(to)] }) },
    }
  }
  const said = /^(ERROR|WARNING|FATAL): (.*)$/.exec(line)
  if (said !== null) return { kind: said[1] === 'WARNING' ? 'warning' : 'error', text: said[2]! }
  if (/^(No probes to attach|.*: (syntax error|unrecognized option).*|terminate called)/.test(line)) {
    return { kind: 'error', text: line }
  }
  return undefined
}

/** Whether a line, of no kind above, can stand as the reason of a failure: it is no noise and no drawing. */
export function saysSomething(line: string): boolean {
  return !NOISE.test(line) && /[A-Za-z]/.test(line)
}
