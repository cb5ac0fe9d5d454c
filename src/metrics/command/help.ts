import { exitCodes } from '../../cli/exit-codes.ts'

export const SERVE_EXAMPLES = [
  { description: 'for a Prometheus on this machine', command: 'sudo <%= config.bin %> <%= command.id %>' },
  {
    description: 'for one elsewhere: TLS and a password',
    command: 'sudo <%= config.bin %> <%= command.id %> --listen :9977 --web-config /etc/linsight/web.yml',
  },
  {
    description: 'with what is wrong, and how long tasks wait for a processor',
    command: 'sudo <%= config.bin %> <%= command.id %> --findings 5m --job runqlat,biolatency',
  },
  { description: 'containers, too', command: 'sudo <%= config.bin %> <%= command.id %> --all-netns' },
]

export const PRINT_EXAMPLES = [
  { description: 'one answer', command: 'sudo <%= config.bin %> <%= command.id %>' },
  {
    description: 'for the textfile collector of node_exporter, by a timer',
    command: 'sudo <%= config.bin %> <%= command.id %> --textfile /var/lib/prometheus/node-exporter/linsight.prom',
  },
  { description: 'of a recording', command: '<%= config.bin %> <%= command.id %> --from web1.snap.json.gz' },
]

export const FIELDS = `
/metrics  text for Prometheus, or OpenMetrics where it is asked for; /healthz says that it runs.
A socket that no process holds (TIME_WAIT, not yet accepted) has program="", as has one whose process may not be
looked into. Of several processes that share a socket the one with the lowest pid counts. Units stand with their
template (foo@.service), containers with 12 digits. No pid, inode or port of a client is a label.
Every family: docs/metrics.md.
`

export const SERVE_OVERHEAD = `
A scrape asks the kernel for all TCP sockets once: about as much work as node_exporter's tcpstat, see docs/metrics.md.
Processes are searched only where a socket is new, at most a thirtieth of the time; forecasts of local ports take at
most a hundredth. Nothing is done between scrapes but listening to sockets that close, and what --findings and --job
ask for.
`

export const SERVE_EXIT_CODES = exitCodes({
  machine: 'no /proc, or the address cannot be listened on',
  input: 'the web configuration, or a file it names, is missing, unreadable or wrong',
})
export const PRINT_EXIT_CODES = exitCodes({ machine: true, input: true })
