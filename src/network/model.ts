import type { BogusLine } from '../proc/bogus-line.ts'

/** The file below /proc that a counter is of. */
export type CounterFile = 'net/snmp' | 'net/netstat' | 'net/snmp6' | 'net/sctp/snmp'

export interface Counter {
  /** The kernel's name; those of IPv6 begin with their protocol: `Ip6InReceives`. */
  name: string
  /** Exact: octets of a fast link pass 2^53 in days. */
  value: bigint
}

/** The counters of one protocol, in the kernel's order. */
export interface CounterGroup {
  /** The kernel's name: Ip, IcmpMsg, TcpExt, Ip6 … */
  protocol: string
  file: CounterFile
  counters: readonly Counter[]
}

/** A file of /proc that could not be read. */
export interface MissingFile {
  path: string
  /** errno name. */
  code: string
}

/** What `mynetstat -s` shows: every counter of a network namespace, since that began. */
export interface CountersReport {
  groups: CounterGroup[]
  missing: MissingFile[]
}

/** How one counter moved between two readings. */
export interface CounterChange {
  protocol: string
  name: string
  /** Undefined where the counter was set back: what it counted in between is not known. Of a gauge it may be negative. */
  delta: bigint | undefined
  perS: number | undefined
}

/** A route of the main table of IPv4. */
export interface Ipv4Route {
  family: 'inet'
  destination: string
  /** Undefined where the mask has holes. */
  prefixLength: number | undefined
  mask: string
  /** `0.0.0.0` where the destination is on the link, or where there is none. */
  gateway: string
  /** `*` where the route has none: it throws packets away, or sends the search on. */
  interfaceName: string
  /** See ROUTE_FLAGS. */
  flags: number
  refCount: number
  useCount: number
  metric: number
  /** What the kernel prints as MTU: the advertised MSS and 40; 0 where none is set. Not the MTU of the route. */
  mtu: number
  windowBytes: number
  irtt: number
}

/** A route of any table of IPv6. */
export interface Ipv6Route {
  family: 'inet6'
  destination: string
  prefixLength: number
  source: string
  sourcePrefixLength: number
  gateway: string
  interfaceName: string
  flags: number
  refCount: number
  useCount: number
  metric: number
}

export type Route = Ipv4Route | Ipv6Route

/** A route as the kernel's own answer has it (ip -j route show table all): every type, table and next hop. */
export interface FullRoute {
  family: 'inet' | 'inet6'
  /** main, local, default, or a number or name of rt_tables. */
  table: string
  /** unicast, local, broadcast, blackhole, unreachable, prohibit, throw … */
  type: string
  /** `default` or a prefix. */
  destination: string
  nextHops: { gateway: string | undefined; interfaceName: string | undefined; weight: number | undefined }[]
  protocol: string | undefined
  scope: string | undefined
  source: string | undefined
  metric: number | undefined
  mtu: number | undefined
}

/** What `mynetstat -r` shows. */
export interface RoutesReport {
  routes: Route[]
  /** Every table; undefined where it was not asked for, or ip(8) could not tell. */
  full: FullRoute[] | undefined
  bogus: BogusLine[]
  missing: MissingFile[]
}

/** A row of net/dev; undefined is a column this kernel does not have. */
export interface DeviceCounters {
  name: string
  rx: Record<'bytes' | 'packets' | 'errs' | 'drop' | 'fifo' | 'frame' | 'compressed' | 'multicast', bigint | undefined>
  tx: Record<'bytes' | 'packets' | 'errs' | 'drop' | 'fifo' | 'colls' | 'carrier' | 'compressed', bigint | undefined>
}

export interface InterfaceAddress {
  family: 'inet' | 'inet6'
  address: string
  prefixLength: number
  /** IPv4: the name it was given, `eth0:1`; most often that of the interface. */
  label?: string | undefined
  /** IPv4: undefined where none is set. */
  broadcast?: string | undefined
  /** IPv4: the other end of a point-to-point link. */
  peer?: string | undefined
  /** IPv6: as if_inet6 has it, 0x20 is link. */
  scope?: number | undefined
}

/** What /sys/class/net or ip(8) tells of an interface. */
export interface InterfaceFacts {
  index: number
  mtu: number
  /** IFF_… as SIOCGIFFLAGS gives them. */
  flags: number
  operState: string
  txQueueLength: number
  /** ARPHRD_…: 1 Ethernet, 772 loopback. */
  hardwareType: number
  hardwareAddress: string
  /** Counters that net/dev adds up, by the name of the file of sysfs; empty where ip(8) was asked. */
  details: ReadonlyMap<string, bigint>
}

export interface NetworkInterface {
  name: string
  /** Undefined for an interface that net/dev does not list. */
  counters: DeviceCounters | undefined
  /** Undefined where neither /sys of this namespace nor ip(8) is there to tell. */
  facts: InterfaceFacts | undefined
  addresses: InterfaceAddress[]
}

/** What `mynetstat -i` shows. */
export interface InterfacesReport {
  interfaces: NetworkInterface[]
  /** Whether IPv4 addresses were asked of ip(8): /proc does not list them by interface. */
  ipv4AddressesKnown: boolean
  bogus: BogusLine[]
  missing: MissingFile[]
}

/** An interface listens to a group. */
export interface GroupMembership {
  /** `link` are hardware addresses. */
  family: 'inet' | 'inet6' | 'link'
  interfaceName: string
  group: string
  /** How many sockets or parts of the kernel have joined. */
  users: number
}

/** What `mynetstat -g` shows. */
export interface GroupsReport {
  memberships: GroupMembership[]
  bogus: BogusLine[]
  missing: MissingFile[]
}

/** Names for addresses, resolved before anything is rendered; undefined where there is none: the number is shown then. */
export interface RouteNames {
  host(address: string): string | undefined
  /** Of /etc/networks. */
  network(address: string): string | undefined
}

/** -n: every address as it is. */
export const NO_NAMES: RouteNames = { host: () => undefined, network: () => undefined }
