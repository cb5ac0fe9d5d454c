/** Files of a network namespace, below its `net/`. */
export const NAMESPACE_FILES: readonly string[] = [
  // First, so that the counts of a namespace are as old as its tables, not older than the descriptors.
  'protocols',
  'sockstat',
  'sockstat6',
  'tcp',
  'tcp6',
  'udp',
  'udp6',
  'udplite',
  'udplite6',
  'raw',
  'raw6',
  'icmp',
  'icmp6',
  'unix',
  'packet',
  'netlink',
  'sctp/eps',
  'sctp/assocs',
  'netstat',
  'snmp',
  'snmp6',
  'sctp/snmp',
  'dev',
  'if_inet6',
  'igmp',
  'igmp6',
  'dev_mcast',
  'route',
  'ipv6_route',
  'fib_trie',
  // Which tables legacy iptables has; its rules are recorded by its tools.
  'ip_tables_names',
  'ip6_tables_names',
]

/** Settings that decide how long and how many TIME_WAIT sockets live, which ports there are, and what listeners do. */
export const SYSCTL_FILES: readonly string[] = [
  ...[
    'ip_local_port_range',
    'ip_local_reserved_ports',
    'ip_local_port_step_width',
    'ip_unprivileged_port_start',
    'tcp_tw_reuse',
    'tcp_tw_reuse_delay',
    'tcp_tw_recycle',
    'tcp_tw_timeout',
    'tcp_fin_timeout',
    'tcp_max_tw_buckets',
    'tcp_ehash_entries',
    'tcp_max_orphans',
    'tcp_mem',
    'tcp_max_syn_backlog',
    'tcp_timestamps',
    'tcp_rfc1337',
    'tcp_syncookies',
    'tcp_abort_on_overflow',
    'tcp_keepalive_time',
    'tcp_keepalive_intvl',
    'tcp_keepalive_probes',
    'tcp_retries2',
  ].map(name => `sys/net/ipv4/${name}`),
  'sys/net/core/somaxconn',
  'sys/net/ipv6/bindv6only',
  'sys/net/netfilter/nf_conntrack_count',
  'sys/net/netfilter/nf_conntrack_max',
  'sys/net/netfilter/nf_conntrack_tcp_timeout_time_wait',
]

export const PROCESS_FILES: readonly string[] = ['stat', 'status', 'cmdline', 'comm', 'cgroup', 'wchan', 'limits']
export const PROCESS_LINKS: readonly string[] = ['exe', 'ns/net', 'ns/pid', 'ns/user']

/** Of the reader itself: which namespaces and capabilities it read with. */
export const READER_LINKS: readonly string[] = ['self/ns/net', 'self/ns/pid', 'self/ns/user']
