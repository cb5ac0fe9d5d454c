import { exitCodes } from '../../cli/exit-codes.ts'

export const EXAMPLES = [
  { description: 'what is wrong?', command: 'sudo <%= config.bin %> <%= command.id %>' },
  {
    description: 'what is wrong with this service?',
    command: 'sudo <%= config.bin %> <%= command.id %> --unit nginx.service',
  },
  { description: 'why is that said?', command: '<%= config.bin %> <%= command.id %> --explain accept-queue-full' },
  {
    description: 'keep it, and look at it elsewhere',
    command:
      'sudo <%= config.bin %> <%= command.id %> --record web1.diag.json.gz; <%= config.bin %> <%= command.id %> --from web1.diag.json.gz',
  },
  {
    description: 'what is wrong on these machines? over ssh, with what is installed there',
    command: '<%= config.bin %> <%= command.id %> --host web[01-20],db1 --become',
  },
  {
    description: 'for a script',
    command: "<%= config.bin %> <%= command.id %> --json --fail-on critical | jq '.findings[0]'",
  },
]

export const FIELDS = `
CRITICAL  something fails or stands still now        WARNING  it costs, or will fail
because   the evidence: what was measured, from which value on it counts, and where it stands
suffers   who waits or fails because of it
it is     what the culprit is doing
so        what follows from it, and is no cause of its own
do, not   what helps; what is often recommended and does not help
see       a command that shows more
A finding about a process that is stopped, blocked or out of descriptors stands above what follows from it. At most
five are shown, those that fail before those that cost. Use of a processor, a disk or memory alone is no finding.
`

export const OVERHEAD = `
It looks at all processes three times, at what stands still or grows every 0.4 s, and attaches one tracing program
(bpftrace, root) that counts system calls which fail: 0.1 to 0.25 us a call, about 1 us one that fails; compiling it
takes 0.7 s of a processor. Files that may not answer are never asked.
`

export const EXIT_CODES = exitCodes({
  no: 'something is wrong (see --fail-on), or some hosts of --host gave no answer',
  machine: true,
  input: true,
})
