import * as Flags from '@oclif/core/flags'
import { durationMsFlag } from '../../cli/duration-flag.ts'
import { GROUPS } from '../model.ts'

/** Flags of trace-syscalls; the letters are strace's. */
export const traceFlags = {
  pid: Flags.string({
    char: 'p',
    multiple: true,
    helpValue: 'PID',
    description: 'attach to these, by commas',
    helpGroup: 'whom to trace',
  }),
  comm: Flags.string({
    helpValue: 'NAME',
    description: 'attach to every process of this name',
    helpGroup: 'whom to trace',
  }),
  cgroup: Flags.string({
    helpValue: 'PATH',
    description: 'attach to a cgroup and those below it',
    helpGroup: 'whom to trace',
  }),
  follow: Flags.boolean({ char: 'f', description: 'children and new threads too', helpGroup: 'whom to trace' }),
  expression: Flags.string({
    char: 'e',
    multiple: true,
    helpValue: 'trace=SET',
    description: "only these calls, in strace's words",
    helpGroup: 'whom to trace',
  }),
  duration: durationMsFlag('duration', { description: 'end after this time', helpGroup: 'whom to trace', leastMs: 1 }),
  interval: durationMsFlag('interval', {
    description: 'print a table at this interval, and a final one',
    helpGroup: 'whom to trace',
    leastMs: 1,
  }),
  backend: Flags.option({
    options: ['auto', 'bpf', 'syscount', 'strace', 'perf'] as const,
    default: 'auto',
    description: 'what measures; auto takes what costs the target least',
    helpGroup: 'whom to trace',
  })(),

  from: Flags.string({
    multiple: true,
    helpValue: 'FILE',
    description: 'read output of strace or a record instead (- is standard input, a folder is that of -ff)',
    helpGroup: 'source',
  }),
  diff: Flags.string({ helpValue: 'OLD', description: 'compare with this output or record', helpGroup: 'source' }),
  'fail-on': Flags.string({
    multiple: true,
    helpValue: 'CONDITION',
    description: "with --diff: exit 1 where it is met, such as 'calls:futex>+20%'; see CONDITIONS",
    helpGroup: 'source',
  }),
  record: Flags.string({
    helpValue: 'FILE',
    description: 'keep the profile, for --from and --diff later',
    helpGroup: 'source',
  }),

  by: Flags.option({ options: GROUPS, default: 'syscall', description: 'what a row stands for', helpGroup: 'view' })(),
  sort: Flags.string({
    char: 'S',
    helpValue: 'KEY',
    default: 'time',
    description: 'time, calls, errors, name, avg-time, min-time, max-time, p50, p95, p99, bytes, none',
    helpGroup: 'view',
  }),
  top: Flags.integer({ min: 1, helpValue: 'N', description: 'at most so many rows', helpGroup: 'view' }),
  slowest: Flags.integer({
    min: 1,
    max: 100,
    helpValue: 'N',
    description: 'the longest calls with their arguments',
    helpGroup: 'view',
  }),
  tree: Flags.boolean({ description: 'processes below their parents, with what they executed', helpGroup: 'view' }),
  folded: Flags.boolean({
    description: 'program;syscall;file weights for a flame graph, nothing else',
    helpGroup: 'view',
  }),
  columns: Flags.string({
    char: 'U',
    helpValue: 'COLS',
    description: "columns by commas: strace's words, and p50 p90 p95 p99 p99.9 max errno bytes distribution",
    helpGroup: 'view',
  }),
  wall: Flags.boolean({
    char: 'w',
    description: 'wall time; with --from: the table was made with -w',
    helpGroup: 'view',
  }),
  'summary-only': Flags.boolean({
    char: 'c',
    description: 'the summary (always; for the fingers of strace users)',
    helpGroup: 'view',
  }),
  summary: Flags.boolean({
    char: 'C',
    description: 'the log of strace too, on stderr, before the summary',
    helpGroup: 'view',
  }),
  quiet: Flags.boolean({ char: 'q', description: 'the table alone', helpGroup: 'view' }),
  output: Flags.string({ char: 'o', helpValue: 'FILE', description: 'the profile goes there', helpGroup: 'output' }),
}
