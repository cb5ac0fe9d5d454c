import { exitCodes } from '../../cli/exit-codes.ts'
import { METRICS } from '../model.ts'

export const EXAMPLES = [
  { description: 'Run a command and say where its system calls go:', command: '<%= config.bin %> -f -- make -s' },
  { description: 'Watch a running server for 10 seconds:', command: '<%= config.bin %> -p 1234 --duration 10s' },
  { description: 'Read the output of strace -c, of any version:', command: '<%= config.bin %> --from summary.txt' },
  {
    description: 'Read a full log, made with strace -f -ttt -T -yy -o LOG:',
    command: '<%= config.bin %> --from LOG --by file --sort errors --top 20',
  },
  {
    description: 'Compare with an earlier run, and fail where it got worse:',
    command: "<%= config.bin %> --diff old.json --from new.json --fail-on 'calls:futex>+20%'",
  },
]

export const FIELDS = `
% time      share of the time of all rows
seconds     time of all calls of the row; below the table stands which time it is:
            system time is CPU time spent in the kernel, so a call that waits costs none;
            wall time runs from entry to return, waiting included. Where both stand in a table,
            columns of wall time are named wall
usecs/call  mean, rounded down, as strace does
wall-total  wall time, where the source has both
calls       calls that returned; exit_group and calls in flight are shown below the table
errors      calls that returned an error; rt_sigreturn has none, and a call that a signal
            interrupted and the kernel began again is a restart (strace -c counts it as error)
p50 … max   half of the calls took no longer, …; off by 6.25 % at most. Only where the source
            has single durations or a histogram of them
1 us..1 s   how the durations are spread between the two: each column is a power of two
errno       which errors, most frequent first
Not shown: calls the vDSO answers (clock_gettime, getpid of old libcs), work done by io_uring.`

export const CONDITIONS = `
METRIC[:SYSCALL]>LIMIT or METRIC[:SYSCALL]<LIMIT, of all calls where no SYSCALL is named.
LIMIT is +20% or -5% of the value before, +100 or -3 more or fewer than before, or a plain number for
the value itself; times in seconds, or with ns, us, ms. Times that hold different costs of measuring
(eBPF beside strace) cannot be compared, and a condition that asks for it ends with 2.
METRIC is one of:
${Object.entries(METRICS)
  .map(([metric, meaning]) => `${metric.padEnd(12)}${meaning}`)
  .join('\n')}`

export const OVERHEAD = `
Measured on dd bs=1, which does nothing but system calls: eBPF (bpftrace) 5 to 8 times slower,
syscount 3, perf 110, strace 75 (tracer and command on one CPU) to 480. A program that makes
10 000 calls a second loses about 1 % for each microsecond a call gets dearer. Reading costs
nothing: --from never touches the traced machine.`

export const EXIT_CODES = exitCodes(
  {
    no: '--fail-on was met, or a bug',
    machine: true,
    input: 'the input is missing or no output of strace',
    tool: true,
  },
  ['With a command: its own status, 128+n where a signal ended it.'],
)
