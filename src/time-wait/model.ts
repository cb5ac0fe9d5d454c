import type { ProcessName } from '../processes/process-facts.ts'
import type { Severity, Statement } from '../statement.ts'
import type { Warning } from '../warnings.ts'
import type { PortRange } from './read/port-settings.ts'
import type { WhoClosed } from './who/who-closed.ts'

/** Counters of the network namespace since it began; absent where this kernel does not count them. */
export interface TcpCounters {
  /** TcpExt TW: tw sockets made with more than 4 s to live; counted when made, whatever netstat -s calls it. */
  born?: number | undefined
  /** TcpExt TWKilled: tw sockets made with at most 4 s to live. */
  bornShort?: number | undefined
  /** TcpExt TWRecycled: a connect() took over a TIME_WAIT. */
  recycled?: number | undefined
  /** TcpExt TCPTimeWaitOverflow: closed without TIME_WAIT because tcp_max_tw_buckets was reached. */
  overflowed?: number | undefined
  /** TcpExt PAWSTimewait: segments with an old timestamp that hit a TIME_WAIT; within PAWSEstab up to 6.12. */
  pawsTimeWait?: number | undefined
  pawsEstablished?: number | undefined
  /** TcpExt TCPAbortOnData: RST instead of FIN, the mark of SO_LINGER 0. */
  abortOnData?: number | undefined
  listenOverflows?: number | undefined
  listenDrops?: number | undefined
  activeOpens?: number | undefined
  passiveOpens?: number | undefined
}

/** How long a TIME_WAIT really holds its port. */
export interface TimeWaitTiming {
  /** 60 s but on kernels with tcp_tw_timeout. */
  lengthS: number
  lengthFrom: 'constant' | 'timers' | 'sysctl'
  /** Step of the kernel's timer wheel at that length: rows stay up to this long at timer 0. */
  granuleS: number
  /** `timers`: rows at timer 0 show it; `config`: CONFIG_HZ; `assumed`: neither was to be had, HZ=250 is common. */
  granuleFrom: 'timers' | 'config' | 'assumed'
  /** What the rows at timer 0 show by themselves: the wheel turns no sooner than this. */
  granuleAtLeastS: number | undefined
}

/** What will become of the ports of a tuple if connections keep coming as they did in the last seconds. */
export interface PortForecast {
  /** New connections per second; those that left a row, where the load is `unseen`. */
  arrivalsPerS: number
  load: LoadState
  /** Rate that never runs out: capacity by the time a port is held. */
  sustainablePerS: number
  /** Ports held in the long run at this rate. */
  plateau: number
  /** Seconds until no port is left; 0: now. Absent: not at this rate. */
  exhaustedInS: number | undefined
  /** Connects then fail for `lengthS` seconds out of every `periodS`. */
  waves: { lengthS: number; periodS: number } | undefined
  /** How fast the ports held now were taken: new connections that fail are not to be seen. */
  filledPerS: number | undefined
  /** Where every port is taken: when the next one comes free, and when the last of those that nobody has open. */
  recovery: { nextPortInS: number; allPortsInS: number } | undefined
}

/**
 * Whether connections come: `steady` now; `just-begun` where all came within the last second, so that it may be a load or
 * a burst; `ended`; `none` in the last seconds; `unseen` where tcp_max_tw_buckets is reached, so that connections leave no
 * row.
 */
export type LoadState = 'none' | 'ended' | 'just-begun' | 'steady' | 'unseen'

/** One local address talking to one remote service: connections that share a supply of local ports. */
export interface TuplePressure {
  localAddress: string
  remoteAddress: string
  remotePort: number
  /** Rows in state 06. */
  timeWait: number
  /** Rows in state 05 without a process. */
  finWait2: number
  /** Sockets that a process has open, and those in other states. */
  open: number
  /** Local ports of the range that are taken, by anything. */
  used: number
  /** Of them, those a connect() cannot take over at once; less than `used` only where tcp_tw_reuse works. */
  blocked: number
  /** Of them, those held by a connection that a process has open. */
  heldOpen: number
  /** Of `used`, those held by connections to other destinations, because a client there binds its ports. */
  elsewhere: number
  /** Whether connect() may take over a TIME_WAIT of this tuple; absent where the settings are not known. */
  reusable: boolean | undefined
  /** Local ports it may use; absent where the settings are not known. */
  capacity: number | undefined
  /** blocked / capacity, 0 to 1. */
  utilization: number | undefined
  /** Ports of the parity connect() tries last: more than a few mean it has passed over every port of the other. */
  otherParity: number
  /** How the ports were picked; `perhaps-…` where a burst that has just ended may have left the same ports behind. */
  parity: 'slow-connect' | BoundPorts | undefined
  forecast: PortForecast | undefined
  /** Processes that have a connection to it open; those that closed the connections, where it was `traced`. */
  candidates: OwnerCandidate[]
  traced: boolean
}

/** Whether the client picks its ports with bind(). */
export type BoundPorts = 'bind-before-connect' | 'perhaps-bind-before-connect'

/** A process with open sockets to the same service; whether it made the TIME_WAITs is only known where it was traced. */
export interface OwnerCandidate extends ProcessName {
  /** Open sockets seen, or connections traced. */
  hits: number
  /** Rows in the table whose connection was traced. */
  rows?: { timeWait: number; finWait2: number } | undefined
}

/** Connections that the other side opened and this host closed first: they take no local port from any client here. */
export interface PassivePort {
  /** Of the service here. */
  port: number
  localAddresses: string[]
  /** Rows in state 06. */
  timeWait: number
  /** Rows in state 05 without a process. */
  finWait2: number
  /** By client address, most first. */
  remotes: { address: string; timeWait: number; finWait2: number }[]
  listening: boolean
  /** Of the listening socket. */
  owners: readonly ProcessName[]
  /** Seconds until the last row is gone: how long a restart without SO_REUSEADDR has to wait. */
  clearsInS: number | undefined
}

/** When TIME_WAITs arrived, as far as their timers tell: within the time a TIME_WAIT lasts. */
export interface History {
  /** Arrivals in TIME_WAIT per second, oldest first; the last bucket is the second before the read. */
  perSecond: number[]
  /** Arrivals per second, of all seconds. */
  meanPerS: number
  /** The most in one second. */
  peakPerS: number
  /** Share of the seconds with any arrival, 0 to 1. */
  dutyCycle: number
  /** Seconds with arrivals, with quiet ones before and after. */
  bursts: { startedAgoS: number; lengthS: number; arrivals: number }[]
}

/** Connections whose other end has closed and whose own end has not, by owner. */
export interface HalfClosed {
  /** The service: the local listening port, or the remote one where this host is the client. */
  address: string
  port: number
  side: 'server' | 'client'
  /** Connections in CLOSE_WAIT. */
  closeWait: number
  /** Of them, those whose other end is a FIN_WAIT2 of this host. */
  waitingHere: number
  /** Of them, those never accepted: they are in the accept queue and have no process. */
  unaccepted: number
  owners: readonly ProcessName[]
}

/** Sums over all rows. */
export interface TimeWaitTotals {
  /** Rows in state 06. */
  timeWait: number
  /** Rows in state 05 without a process. */
  finWait2: number
  /** Of both, connections opened here: they hold local ports. */
  active: number
  /** Of both, connections the other side opened. */
  passive: number
  /** Rows that stood twice in one read and were merged. */
  duplicates: number
  /** TCP: tw of sockstat, read after the tables. */
  sockstat: number | undefined
  /** The same, read before them: churn shows as a difference. */
  sockstatBefore: number | undefined
  /** Why sockstat and the rows differ, or what sockstat's number is made of. */
  balance: string | undefined
  /** TIME_WAITs made since the namespace began: TcpExt TW + TWKilled. */
  births: number | undefined
  /** Since the namespace began: TcpExt TWRecycled, those a connect() took over. */
  recycled: number | undefined
  /** Since the namespace began: TcpExt TCPTimeWaitOverflow, closed without TIME_WAIT. */
  overflowed: number | undefined
  /** tcp_max_tw_buckets. */
  limit: number | undefined
  /** What they occupy of the kernel's memory. */
  memoryBytes: number
}

/** What is counted and computed from one snapshot; rules and verdict conclude from it. */
export interface TimeWaitFigures {
  totals: TimeWaitTotals
  timing: TimeWaitTiming | undefined
  /** Local ports one tuple may use: range − reserved − ports listened on. */
  capacity: PortCapacity | undefined
  /** The fullest first. */
  tuples: TuplePressure[]
  ports: PassivePort[]
  history: History | undefined
  halfClosed: HalfClosed[]
  /** CLOSE_WAIT rows whose other end is already in TIME_WAIT: the table changed while it was read. */
  tornPairs: number
}

/** All that one screen, one JSON document or any other output of `tw-stats` is made from. */
export interface TimeWaitReport extends TimeWaitFigures {
  /** The answer in one sentence, and how much it matters. */
  verdict: { severity: Severity; sentence: string }
  /** Why counts are lower bounds; absent where the tables were whole. */
  incomplete: string | undefined
  /** The most severe first. */
  advice: Statement[]
  by: Grouping
  /** Sums for `by`, where it is not the tuple. */
  groups: TimeWaitGroup[]
  /** Where it was traced. */
  who: WhoClosed | undefined
  whatIf: { asked: string; tuples: TuplePressure[] } | undefined
  /** The filter that destinations, local ports and half-closed connections were selected by; sums are of all. */
  filter: string | undefined
  warnings: Warning[]
  /** Path below /proc → errno name. */
  unreadable: Record<string, string>
}

/** A network namespace, read through one of its processes. */
export interface NamespaceReport {
  /** `net:[4026531840]`. */
  netns: string
  /** A process in it; absent where a recording has none. */
  pid: number | undefined
  /** Its name for ip-netns(8), the container, or the program in it. */
  label: string
  report: TimeWaitReport
}

/** What each tick of `--watch` reads; rates are since the tick before and absent in the first. */
export interface WatchCounts {
  /** Milliseconds since the epoch. */
  atMs: number
  /** Sockets in TIME_WAIT now: TCP tw of sockstat. */
  tw: number | undefined
  /** Arrivals in TIME_WAIT per second. */
  bornPerS: number | undefined
  /** TIME_WAITs that a connect() took over, per second. */
  recycledPerS: number | undefined
  /** Connections closed without TIME_WAIT because tcp_max_tw_buckets was reached, per second. */
  overflowedPerS: number | undefined
}

export interface WatchTick extends WatchCounts {
  /** Where the rows were read too. */
  report: TimeWaitReport | undefined
}

/** Settings to compute the report with instead of those in force; absent ones stay as they are. */
export interface WhatIf {
  range?: PortRange | undefined
  /** tcp_tw_reuse. */
  reuse?: number | undefined
  /** Source addresses more than now, used evenly. */
  moreSources?: number | undefined
  /** Connections kept open instead of one for each request. */
  pool?: number | undefined
}

/** Local ports a connect() may choose from. */
export interface PortCapacity {
  /** Of the range, without those reserved and listened on. */
  ports: number
  /** First port of ip_local_port_range. */
  low: number
  /** Last port of it. */
  high: number
  /** Ports of the range that ip_local_reserved_ports holds back. */
  reserved: number
  /** Ports of the range that are listened on. */
  listening: number
}

/** TIME_WAIT costs this much memory each. Source: slab tw_sock_TCP. */
export const TIME_WAIT_SOCKET_BYTES = 256

export const GROUPINGS = ['tuple', 'port', 'remote', 'owner'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** Connections of both sides under one heading. */
export interface TimeWaitGroup {
  /** The port of the service, the remote address, or the owner; a byte string. */
  key: string
  side: 'active' | 'passive'
  timeWait: number
  finWait2: number
  /** Of the tuples in it, the fullest, 0 to 1. */
  utilization: number | undefined
}
