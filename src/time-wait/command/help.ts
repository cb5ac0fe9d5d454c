import { exitCodes } from '../../cli/exit-codes.ts'

export const EXAMPLES = [
  { description: 'is it a problem?', command: '<%= config.bin %>' },
  { description: 'every advice with its evidence, all counts', command: '<%= config.bin %> -v' },
  {
    description: 'which process closes first, checked against the counters',
    command: 'sudo <%= config.bin %> --who 10',
  },
  {
    description: 'what would a wider range and a second address give?',
    command: '<%= config.bin %> --what-if range=1024-65535,sources=+1',
  },
  {
    description: 'for a script or a probe',
    command: "<%= config.bin %> --fail-on 'utilization>80%' --fail-on 'exhaustion<60s' >/dev/null",
  },
  { description: 'only some destinations', command: '<%= config.bin %> dst 10.0.0.0/8 dport = 5432' },
  { description: 'the fullest destinations', command: "<%= config.bin %> --json | jq '.tuples[:3]'" },
  { description: 'a recording from another machine', command: '<%= config.bin %> --from server.snap.json' },
  { description: 'other machines, over ssh', command: '<%= config.bin %> --host web[01-20],@db' },
]

/** The FIELDS section of `tw-stats --help`; `--explain` says more. */
export const FIELDS = `
DESTINATION, FROM  remote service and local address; with the remote port they share one supply of local ports
TIME_WAIT          rows in state 06
FIN_WAIT2          rows in state 05 without a process: closed here, not yet by the other side
OPEN               sockets that a process has open
PORTS TAKEN        local ports connect() cannot use now, of those it could use at all; those that a client elsewhere has
                   bound with bind() count for every destination
NEW/S              arrivals per second of the load that goes on now, over its last 5 s at most; 0 where it has ended,
                   ? where tcp_max_tw_buckets keeps TIME_WAITs from being made
MAX/S              arrivals per second that can go on for ever
RUNS OUT           when the last port is taken at this rate; ? where all came within the last second
OPENED BY          who was traced with --who, or has connections open; of rows without a trace it is not known
Not shown: ports bound but neither listening nor connected; no table of the kernel lists them.
`

export const OVERHEAD = `
One run costs what the kernel takes to list its sockets, about 1.3 us a row, plus 0.5 us to read it; while connections
come and go by the thousand that takes 0.1 s where koffi is installed, and seconds from /proc/net/tcp where not. --watch reads
counters (1 ms) each time and rows so rarely that it stays below 2 % of a CPU. --who takes three events a connection;
10 000 connections in 0.9 s were all named, no event was lost, and they came no slower than without it.
`

export const EXIT_CODES = exitCodes({
  no: 'a condition of --fail-on is met, some hosts of --host gave no answer, or a bug',
  machine: 'this is not Linux, there is no /proc, or --who is not permitted here; or none of the hosts answered',
  input: 'the recording is missing or not one, or does not tell what --fail-on asks',
})
