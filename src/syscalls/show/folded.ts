import { syscallLabel, type SyscallProfile } from '../profile.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { foldedLines, type FoldedStack } from '../../terminal/folded.ts'

/**
 * Stacks `program;syscall;file weight` for flame graph tools; the weight is microseconds of wall time, or calls where
 * the source has no times.
 */
export function foldedProfile(profile: SyscallProfile): Iterable<string> {
  return foldedLines(stacksOf(profile))
}

/** Whether its weights are microseconds, not calls. */
export const isFoldedByTime = (profile: SyscallProfile): boolean =>
  weighed(profile).some(({ wallNs }) => wallNs !== undefined)

const weighed = ({ stacks, syscalls }: SyscallProfile) =>
  stacks ?? syscalls.map(row => ({ ...row, program: 'all', wallNs: row.wall?.totalNs }))

function* stacksOf(profile: SyscallProfile): Generator<FoldedStack> {
  const timed = isFoldedByTime(profile)
  for (const stack of weighed(profile)) {
    const weight = timed ? Math.round((stack.wallNs ?? 0) / 1e3) : stack.calls
    if (weight === 0) continue
    const name = syscallLabel(stack.name, stack.abi)
    const target = 'target' in stack && stack.target !== undefined ? [stack.target] : []
    yield { frames: [stack.program, name, ...target].map(escapeBytes), weight }
  }
}
