import { syscallLabel, type SyscallProfile } from '../profile.ts'
import { escapeBytes } from '../../terminal/escape.ts'

/**
 * Stacks `program;syscall;file weight`, one a line, for flamegraph.pl, speedscope and the like; the weight is
 * microseconds of wall time, or calls where the source has no times.
 */
export function* foldedLines(profile: SyscallProfile): Generator<string> {
  const stacks = profile.stacks ?? profile.syscalls.map(row => ({ ...row, program: 'all', wallNs: row.wall?.totalNs }))
  const timed = stacks.some(stack => stack.wallNs !== undefined)
  for (const stack of stacks) {
    const weight = timed ? Math.round((stack.wallNs ?? 0) / 1e3) : stack.calls
    if (weight === 0) continue
    const name = syscallLabel(stack.name, stack.abi)
    const target = 'target' in stack && stack.target !== undefined ? [stack.target] : []
    yield `${[stack.program, name, ...target].map(frame).join(';')} ${weight}\n`
  }
}

/** A frame may hold blanks, but neither the separator nor a line end. */
function frame(bytes: string): string {
  return escapeBytes(bytes).replaceAll(';', ':')
}
