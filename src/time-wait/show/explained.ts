import { reflow } from '../../terminal/reflow.ts'

/** `tw-stats --explain`: what every number of the first screen means, in lines of at most `width` columns. */
export function explainedText(width: number): string {
  if (width === Infinity) return EXPLAINED
  return `${EXPLAINED.trimEnd()
    .split('\n\n')
    .map(section => wrappedSection(section, width))
    .join('\n\n')}\n`
}

const INDENT = '  '

/** A paragraph, or a heading with indented lines below it. */
function wrappedSection(section: string, width: number): string {
  const [heading = '', ...below] = section.split('\n')
  if (!below.every(line => line.startsWith(INDENT))) return reflow(section, width)
  const body = below.map(line => line.slice(INDENT.length)).join('\n')
  // A first line of its own: what begins behind a backtick has no indentation there.
  const lines = reflow(`\n${body}`, width - INDENT.length).split('\n')
  return [reflow(heading, width), ...lines.map(line => `${INDENT}${line}`.trimEnd())].join('\n')
}

const EXPLAINED = `
TIME_WAIT is what the side that closes a TCP connection FIRST is left with. The kernel keeps a small record (256 bytes, no
process, no file) for 60 s, so that late segments of the old connection cannot fall into a new one. It is normal. It
becomes a problem in two cases. The client closes first and opens so many connections to ONE destination that its local
ports run out: connect() then fails with EADDRNOTAVAIL, and no counter of the kernel shows it. Or a server without
SO_REUSEADDR is started again while its port is still in TIME_WAIT: bind() then fails with EADDRINUSE.

verdict
  HARMLESS     do nothing.
  WATCH        no connect() fails; something is broken, slower or less safe than it could be.
  ACT          connections fail now, or will within a minute.
  NOT KNOWN    what decides was not in the input; the remarks on stderr say what.
  In --json severity is ok, warning, critical and unknown.

totals
  TIME_WAIT    rows in state 06. "Opened from this host": it is the client. "Opened by the other side": it is the server.
  FIN_WAIT2    rows in state 05 without a process: closed here, the other side has not closed yet. tcp_fin_timeout limits
               their time, and only theirs.
  sockstat tw  both of the above together, which is why it is not "the number of TIME_WAITs".
  created      TcpExt TW + TWKilled: counted when the record is created, whatever "netstat -s" calls it.
  reused       TcpExt TWRecycled: connect() reused the port of a TIME_WAIT (tcp_tw_reuse).
  not created  TcpExt TCPTimeWaitOverflow: closed without TIME_WAIT, because tcp_max_tw_buckets was reached.

destinations (connections opened here; one row for each local address, remote address and remote port)
  PORTS TAKEN  local ports connect() cannot use for this destination, of those it could: ip_local_port_range without
               ip_local_reserved_ports and without ports that have a listener, even on another address. Another
               destination has all these ports again, but for those that a client took with bind() instead of
               connect(): they are taken for all. Where tcp_tw_reuse works, a TIME_WAIT older than 1 s counts as free.
  NEW/S        TIME_WAITs per second of the load that goes on now: over the last 5 s, or since it began; 0 where it has
               ended. A burst counts only where such bursts come again and again. "?": tcp_max_tw_buckets is reached, so
               that new connections leave no row.
  MAX/S        the rate that never runs out: the ports divided by the longest time one is held.
  RUNS OUT     when the last port is taken if connections keep coming like this. "?": all came within the last second,
               which may be a burst.
  OPENED BY    a TIME_WAIT no longer knows its process: --who traces it. "open now": who has a connection to the same
               place open, which proves nothing about the rows.

local ports (connections opened by the other side and closed first here)
  They take no local port from any client on this machine, only the 256 bytes each.

TIME_WAIT lasts 60 s and up to ... more
  The timer wheel of the kernel turns in steps (2.05 s at HZ=250, 4.1 s at HZ=1000): a row stays at timer 0 until the next
  one, and holds its port until then.

arrivals per second
  Every row shows when it was created: 60 s less the time left. So one run gives the history of one minute.
`.trimStart()
