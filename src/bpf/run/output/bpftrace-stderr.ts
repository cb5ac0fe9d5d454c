/** What a line of bpftrace's stderr means. */
export type StderrFact =
  | { kind: 'skipped'; probe: string }
  | { kind: 'error'; text: string; at?: { line: number; column: number } }
  | { kind: 'warning'; text: string; at?: { line: number; column: number } }
  | { kind: 'lost'; events: number }

/** Harmless: memory is charged to the cgroup since 5.11; both spellings of renamed variables are set; no job needs kprobes. */
const NOISE = /RLIMIT_MEMLOCK|Could not read functions from|is deprecated\. Use BPFTRACE_|Addrspace mismatch/

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
  const placed = /^[^:\s]+:(\d+)(?::(\d+)(?:-\d+)?)?(?:-\d+)?: (ERROR|WARNING|FATAL): (.*)$/.exec(line)
  if (placed !== null) {
    return {
      kind: placed[3] === 'WARNING' ? 'warning' : 'error',
      text: placed[4]!,
      at: { line: Number(placed[1]), column: Number(placed[2] ?? 1) },
    }
  }
  const said = /^(ERROR|WARNING|FATAL): (.*)$/.exec(line)
  if (said !== null) return { kind: said[1] === 'WARNING' ? 'warning' : 'error', text: said[2]! }
  if (/^(No probes to attach|.*: (syntax error|unrecognized option).*|terminate called)/.test(line)) {
    return { kind: 'error', text: line }
  }
  return undefined
}
