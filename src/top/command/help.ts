import { exitCodes } from '../../cli/exit-codes.ts'

export const EXAMPLES = [
  { description: 'who moves how much, now', command: 'sudo <%= config.bin %> <%= command.id %>' },
  {
    description: 'connections to a database, by where they come from',
    command: '<%= config.bin %> <%= command.id %> --view connections --by remote dport = :5432',
  },
  {
    description: 'accept queues: who is too slow',
    command: '<%= config.bin %> <%= command.id %> --view listeners --sort queue',
  },
  { description: 'ten tables into a file', command: '<%= config.bin %> <%= command.id %> --count 10 >traffic.txt' },
  {
    description: 'bytes by program, for another program',
    command: "<%= config.bin %> <%= command.id %> --json --count 1 --by program | jq -c '.rows[]?'",
  },
  {
    description: 'what it looked like then: one recording after the other',
    command: '<%= config.bin %> <%= command.id %> --from recordings/',
  },
]

export const FIELDS = `
IN/s OUT/s  payload received and sent in a second, without what was sent again
RETR/s      segments sent again            RTT     round trip, smoothed
UNREAD      received, and not read by the program
UNSENT      not acknowledged by the peer, or not sent yet
QUEUE       connections that wait for accept(); LIMIT: how many may (one more is taken)
ACCEPTS/s   connections accepted in a second
USED OF     local ports to a destination that are taken, and how many there are
RUNS OUT    when none is left, at the present rate
-           not known: for want of a second look, or the kernel does not tell
Bytes are the kernel's own counts of each TCP connection (tcp_info), those of connections that end between two looks
included. UDP has none. On a terminal it is a screen: ? shows the keys. Elsewhere it is a table a look, under --json a
line a look and a summary.
`

export const OVERHEAD = `
It asks the kernel for all TCP sockets over netlink, and searches owners of new ones only: no packet is captured and
nothing is traced. 500 sockets once a second take about 2 % of a CPU; where looking would take more than 3 %, it looks less
often, and says so.
`

export const EXIT_CODES = exitCodes({ machine: true, input: true }, ['130, 143  ended by Ctrl-C, by SIGTERM'])
