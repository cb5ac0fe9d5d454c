import { exitCodes } from '../../cli/exit-codes.ts'

/** FIELDS of `mynetstat --help`. */
export const FIELDS = `
Proto             tcp, udp, udpl (UDP-Lite), raw, icmp, sctp, with a 6 for IPv6; unix, packet, netlink
Recv-Q            bytes not read; for a TCP listener the connections that wait for accept()
Send-Q            bytes not acknowledged; 0 for a listener, its limit is the column backlog
Local Address     address:port, and %eth0 where it is bound to an interface. *:80 is known to take IPv4 too,
                  [::]:80 is known not to, :::80 is not known
Foreign Address   the peer, * for none. In raw the "port" is the protocol, in icmp the echo id
State             TCP state; ESTABLISHED for a connected UDP or raw socket, nothing for one without a peer. DNAT is
                  no socket: a rule of the firewall takes connections to the port and sends them elsewhere
User              who created the socket, not who holds it; - where that is forgotten (TIME_WAIT)
Inode             0 where no file stands for the socket (TIME_WAIT, closed, not accepted)
PID/Program name  every process that holds the socket; - where there is none: --why tells why
Peer, Published   these, and every other column: mynetstat --columns help
Timer             what runs out next, in seconds / retransmits / unanswered probes
RefCnt Flags Type  of a unix socket; ACC means it accepts connections
Path              name of a unix socket; @ leads a name that is not in the file system

Not shown, because no table of /proc lists it: sockets that are neither bound nor connected, vsock, xdp, and
without --all-netns sockets of other network namespaces. Bytes that are unsafe on a terminal are escaped (\\n, \\x1b), a
name with a blank, a comma or a quote stands in single quotes: 812/'a, b' is one owner.`

/** Columns that stand beside those of netstat: `mynetstat --columns help`. */
export const MORE_FIELDS = `
Peer              with --peer who is at the other end, on this machine in any network namespace: 812/postgres, and
                  (NAME) where that is another one; "(not accepted)" of a listener that has to accept it, "or"
                  between candidates, - where no end was found (another machine, or gone), ? where only the kernel
                  knows. Over loopback, veth, NAT (conntrack), unix; a state stands for an end that nobody holds
Backlog           connections that may wait for accept(); one more than that in Recv-Q, and new ones are refused
Device            the interface it is bound to, * for any; Mark: SO_MARK, told to root alone
V6only            of an IPv6 socket that waits for others: whether it takes no IPv4
Cookie            number of the socket that is never given twice, from ESTABLISHED to TIME_WAIT
RTT Cwnd …        with --columns or --tcp-info what the kernel knows of a TCP connection (tcp_info, as ss -i): times in
                  ms, windows and queues in bytes, cwnd and retransmits in segments, rates in bytes a second
Limited By        what holds up the sender: receiver, send-buffer, network, or the application itself
Other End         with --host who is at the other end, on which of the hosts, and its queues; "(not accepted)" of a
                  listener that has to accept it, "or" between candidates, "(NAT)" through a translation that a host
                  tracks, "(likely, NAT)" where one address agrees; "not seen on HOST" where that has the address and
                  no such socket, - where it is on none of them
Published         with :PORT or --all-netns: where the port leads (→ ADDRESS:PORT, who answers, in which namespace) and
                  through which ports of the machine a socket is reached (← PORT by whom); a proxy that decides by its
                  own configuration cannot be followed
Why               why there is no owner: "TIME_WAIT: kept by the kernel, no process"; "accept queue of PID", before
                  accept(); "handshake with a listener of PID"; "closed by its process, the kernel finishes";
                  "kernel", made by it; "perhaps in flight to PID", sent over a unix socket; "hidden by permission",
                  or "perhaps hidden by permission" where the kernel may hold it or it may be gone; "perhaps held
                  outside this pid namespace"; "gone meanwhile", closed while owners were looked for;
                  "owners not recorded"; "no process holds it (kernel, or gone)". How an owner holds it where that
                  is unusual: "in the descriptor table of thread TID", "registered with an io_uring". And
                  "unverified: may be part of the name of another socket", of a unix row
Network Namespace  what it is called: a name of ip netns, the first of the machine, its pod, container, unit, its
                  oldest program; - where only one is shown
PID inside        pid of the owner in its own pid namespace

Backlog to Limited By only the kernel itself tells: - where it was not asked (no koffi, a recording without).
--json counts sockets that processes hold and no table lists as unlistedSockets. With --all-netns half-open connections
of a namespace that has only listeners are not shown. Bytes that are unsafe on a terminal are written as \\n, \\t, \\x1b,
\\u202e, and a backslash as \\\\; in a name in single quotes a quote is \\x27.`

/** FILTER of `mynetstat --help`. */
export const FILTER = `
src dst HOST        address and port: 10.0.0.0/8, 10.0.0.1:80, [::1]:443, :80, localhost, unix:*.sock, inet6:[::1]
sport dport PORT    = != < <= > >= and a number or a name of a service
state exclude S     established, time-wait …; connected, synchronized, bucket, big, all; in front they hold for all that
                    follows
dev fwmark cgroup   as in ss; also autobound
comm user container  who holds it; also program, cmdline, exe, pid, uid, unit, netns; ~ is a glob; reason: why nobody does
recvq age rtt       with units: recvq > 64K, rtt > 50ms, age > 30s; also sendq, retrans, inode
and or not ( )      ss's words and grouping: "and" and "or" weigh the same, from left to right

Where it is not known whether a socket is meant, it is left out and counted. docs/filters.md tells everything.`

/** EXIT CODES of `mynetstat --help`. */
export const EXIT_CODES = exitCodes({
  no: '--health, --fail-on or --diff found something, --wait waited in vain; some hosts of --host gave no answer; --compat -S without SCTP, as netstat; or a bug',
  machine: 'this machine cannot do it: not Linux, no /proc; or no host of --host answered',
  input: 'the recording is missing, unreadable or not one',
})

/** Examples that open `mynetstat --help`. */
export const EXAMPLES = [
  { description: 'who listens, on what', command: '<%= config.bin %> -ntlp' },
  { description: 'who holds port 8080', command: '<%= config.bin %> -ntp :8080' },
  { description: 'who talks to my database, both ends by name', command: '<%= config.bin %> -nt --peer :5432' },
  { description: 'what is wrong: full queues, readers that do not read, leaks', command: '<%= config.bin %> --health' },
  {
    description: 'who listens in every container, pod and network namespace',
    command: '<%= config.bin %> -ntlp --all-netns',
  },
  { description: 'in one of them', command: '<%= config.bin %> -ntlp --netns 3f2a9c' },
  { description: 'everything, with the reason where a socket has no owner', command: '<%= config.bin %> -anp --why' },
  { description: 'filters of ss, and more', command: '<%= config.bin %> -ant state time-wait dst 10.0.0.0/8' },
  { description: 'whose connections are not read', command: "<%= config.bin %> -antp comm = nginx 'recvq > 64K'" },
  { description: 'which container answers a published port', command: '<%= config.bin %> --published' },
  { description: 'who can get in from outside, past which rule', command: '<%= config.bin %> --exposure' },
  { description: 'until a server listens, without connecting', command: '<%= config.bin %> --wait 8080 --timeout 10s' },
  { description: 'whose sockets', command: '<%= config.bin %> -antp --group-by process,state --top 5' },
  {
    description: 'a check for a script',
    command: "<%= config.bin %> -t --fail-on 'state close-wait by process > 100' >/dev/null",
  },
  {
    description: 'for programs',
    command: "<%= config.bin %> -ntl --json | jq -r '.sockets[] | [.localPort, .owners[0].program] | @tsv'",
  },
  { description: 'who comes and goes', command: '<%= config.bin %> -ntp --watch' },
  { description: 'what listens now that did not before', command: '<%= config.bin %> --diff before.snap.json -l' },
  { description: 'counters of the kernel that move, and what they count', command: '<%= config.bin %> -s --watch' },
  { description: 'a recording from another machine', command: '<%= config.bin %> -antp --from server.snap.json' },
  { description: 'both ends between machines, over ssh', command: '<%= config.bin %> -nt --host web[1-9],db :5432' },
]
