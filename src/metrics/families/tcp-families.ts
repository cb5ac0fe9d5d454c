import type { FamilyFacts } from '../model.ts'

const OWNER = ['program', 'unit', 'container'] as const

/** Families of sockets, their owners and local ports. */
export const TCP_FAMILIES = {
  linsight_tcp_sockets: {
    type: 'gauge',
    help: 'TCP sockets by address family and state.',
    labels: ['family', 'state'],
    perNamespace: true,
    keeps: ['family', 'state'],
    why: 'how many connections there are, and in which state they are stuck',
  },
  linsight_tcp_listener_queue_length: {
    type: 'gauge',
    help: 'Connections that wait for accept(), of all sockets that listen on this address and port.',
    labels: ['address', 'port', ...OWNER],
    perNamespace: true,
    why: 'a program that accepts too slowly; full means more than the limit',
  },
  linsight_tcp_listener_queue_limit: {
    type: 'gauge',
    help: 'How many connections may wait for accept(): the smaller of the backlog and net.core.somaxconn, summed.',
    labels: ['address', 'port', ...OWNER],
    perNamespace: true,
    why: 'what the length is to be compared with; absent where the kernel was not asked over netlink',
  },
  linsight_tcp_listener_sockets: {
    type: 'gauge',
    help: 'Sockets that listen on this address and port: more than one with SO_REUSEPORT.',
    labels: ['address', 'port', ...OWNER],
    perNamespace: true,
    why: 'a listener that has gone, a worker that is missing',
  },
  linsight_tcp_process_sockets: {
    type: 'gauge',
    help: 'TCP sockets by who holds them and state; no program where nobody does, or it is not known.',
    labels: [...OWNER, 'state'],
    perNamespace: true,
    keeps: ['state'],
    why: 'who has the connections: state close_wait that grows is a program that does not close',
  },
  linsight_tcp_process_receive_queue_bytes: {
    type: 'gauge',
    help: 'Bytes that have arrived on connections and are not read yet, by who holds them.',
    labels: OWNER,
    perNamespace: true,
    why: 'a reader that is stuck',
  },
  linsight_tcp_process_send_queue_bytes: {
    type: 'gauge',
    help: 'Bytes that were given to connections and are not acknowledged yet, by who holds them.',
    labels: OWNER,
    perNamespace: true,
    why: 'a peer or a path that is slow',
  },
  linsight_tcp_process_received_bytes_total: {
    type: 'counter',
    help: 'Bytes received on TCP connections, those that have closed included, by who holds them.',
    labels: OWNER,
    why: 'throughput by program; counts from the start of linsight on',
  },
  linsight_tcp_process_sent_bytes_total: {
    type: 'counter',
    help: 'Bytes sent on TCP connections and acknowledged, those that have closed included, by who holds them.',
    labels: OWNER,
    why: 'throughput by program; counts from the start of linsight on',
  },
  linsight_tcp_process_retransmitted_segments_total: {
    type: 'counter',
    help: 'TCP segments sent again, by who holds the connections, those that have closed included.',
    labels: OWNER,
    why: 'whose traffic is lost on its way',
  },
  linsight_tcp_closed_sockets_lost_total: {
    type: 'counter',
    help: 'Closed sockets of which the kernel could not tell because they came too fast: their last bytes are missing.',
    labels: [],
    why: 'whether the byte counters are complete',
  },
  linsight_tcp_local_ports_used: {
    type: 'gauge',
    help: 'Local ports that a connect() to this destination cannot take now, of the 20 fullest destinations.',
    labels: ['source', 'destination'],
    perNamespace: true,
    why: 'ports held by open connections and by TIME_WAIT, with the parity and tcp_tw_reuse that tw-stats knows of',
  },
  linsight_tcp_local_ports_capacity: {
    type: 'gauge',
    help: 'Local ports that connections to this destination may use at all.',
    labels: ['source', 'destination'],
    perNamespace: true,
    why: 'what used is to be compared with',
  },
  linsight_tcp_local_ports_exhaustion_seconds: {
    type: 'gauge',
    help: 'Seconds until no local port is left for this destination at the rate of now; absent where that does not happen.',
    labels: ['source', 'destination'],
    perNamespace: true,
    why: 'an alert before connect() fails with EADDRNOTAVAIL; 0 is now',
  },
  linsight_tcp_time_wait_limit: {
    type: 'gauge',
    help: 'net.ipv4.tcp_max_tw_buckets: more TIME_WAIT sockets are not kept.',
    labels: [],
    perNamespace: true,
    why: 'what TIME_WAIT sockets are to be compared with',
  },
} as const satisfies Record<string, FamilyFacts>
