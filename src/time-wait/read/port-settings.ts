/** Both ends belong to it. */
export interface PortRange {
  low: number
  high: number
}

/** The sysctls of a network namespace that decide about TIME_WAIT and local ports; absent where they were not readable. */
export interface PortSettings {
  /** net.ipv4.ip_local_port_range: what connect() picks local ports from. */
  range?: PortRange | undefined
  /** net.ipv4.ip_local_reserved_ports: never picked. */
  reserved?: PortRange[] | undefined
  /** net.ipv4.tcp_tw_reuse: 0 off, 1 on, 2 for loopback only (the default since 4.19). */
  twReuse?: number | undefined
  /** net.ipv4.tcp_tw_reuse_delay, since 6.14; one second before. */
  twReuseDelayMs?: number | undefined
  maxTwBuckets?: number | undefined
  /** Life of an orphaned FIN_WAIT2; says nothing about TIME_WAIT. */
  finTimeoutS?: number | undefined
  timestamps?: number | undefined
  rfc1337?: number | undefined
  /** |net.ipv4.tcp_ehash_entries|; half of it is the default of tcp_max_tw_buckets. */
  ehashEntries?: number | undefined
  /** net.ipv4.tcp_tw_timeout of Alibaba and Anolis kernels: the length of TIME_WAIT, elsewhere 60 s. */
  twTimeoutS?: number | undefined
  somaxconn?: number | undefined
  /** Settings files that still set tcp_tw_recycle, which no kernel since 4.12 has. */
  twRecycleFiles?: string[] | undefined
}
