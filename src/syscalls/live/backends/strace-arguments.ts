/** What strace is asked for. */
export interface StraceCall {
  /** `[6, 1]` for strace 6.1. */
  version: readonly [number, number]
  mode: 'summary' | 'log'
  followChildren: boolean
  /** Wall instead of system time in a summary. */
  wallOnly: boolean
  /** `-e` expressions, each handed over as one argument. */
  expressions: readonly string[]
  /** Show files and peers behind descriptors. */
  decodeDescriptors: boolean
  output: string
  /** Threads to attach to, or the command to start. */
  target: { tids: readonly number[] } | { argv: readonly string[]; userLocale: string | undefined }
}

/** Columns of a summary: all that the version has. Source: strace NEWS, 5.6 (-U) and 7.1 (wall-*). */
const COLUMNS = 'time-percent,time-total,time-min,time-max,time-avg,calls,errors,name'
const WALL_COLUMNS = 'wall-total,wall-min,wall-max,wall-avg'

export function straceArguments(call: StraceCall): string[] {
  const { target } = call
  const starts = 'argv' in target
  return [
    ...(call.mode === 'summary' ? summaryFlags(call) : ['-ttt', '-T', ...(call.decodeDescriptors ? ['-yy'] : [])]),
    ...(call.followChildren ? ['-f'] : []),
    ...call.expressions.flatMap(expression => ['-e', expression]),
    ...(starts && sparesOthers(call) ? ['--seccomp-bpf'] : []),
    '-o',
    call.output,
    ...(starts
      ? // The command stays our child: its status is ours to see. Its tracer has a group of its own, away from Ctrl-C,
        // and can be asked to end.
        ['-DD', '-I2', ...localeOf(target.userLocale), '--', ...target.argv]
      : ['-p', target.tids.join(',')]),
  ]
}

/**
 * Whether calls that are not asked for need not stop at all: the kernel filters them with seccomp, which must be there
 * before the first fork. Source: strace(1), --seccomp-bpf, since 5.3.
 */
export function sparesOthers(call: Pick<StraceCall, 'version' | 'followChildren' | 'expressions'>): boolean {
  return call.followChildren && atLeast(call.version, 5, 3) && call.expressions.some(isTraceSet)
}

function summaryFlags({ version, wallOnly }: StraceCall): string[] {
  if (atLeast(version, 7, 1)) return ['-c', '-U', `${COLUMNS},${WALL_COLUMNS}`]
  return ['-c', ...(wallOnly ? ['-w'] : []), ...(atLeast(version, 5, 6) ? ['-U', COLUMNS] : [])]
}

/** strace itself prints points in its numbers only in the C locale; the command must keep the user's. */
function localeOf(userLocale: string | undefined): string[] {
  return ['-E', userLocale === undefined ? 'LC_ALL' : `LC_ALL=${userLocale}`]
}

/** `trace=…`, or the short form without a key. */
function isTraceSet(expression: string): boolean {
  return /^(t|trace)=/.test(expression) || !/^\w+=/.test(expression)
}

/** Source: `strace -- version 6.1`, the first line of `strace -V`; `strace -- version 4.26+`. */
export function parseStraceVersion(text: string): readonly [number, number] | undefined {
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(text) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor)]
}

export function atLeast(version: readonly [number, number], major: number, minor: number): boolean {
  return version[0] > major || (version[0] === major && version[1] >= minor)
}
