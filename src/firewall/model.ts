import type { AddressRange } from './tables/address-range.ts'

export type { AddressRange } from './tables/address-range.ts'
export type { ConntrackFlow, FlowEnd } from './tables/nf-conntrack.ts'
export type { InterfaceAddress } from './tables/if-inet6.ts'
export type { LocalAddresses } from './tables/fib-trie.ts'
export type { RouteOut } from './tables/routes.ts'

/** First and last port. */
export type PortRange = readonly [first: number, last: number]

/** Families of tables that see IP packets; those of bridges and ARP are not read. */
export type TableFamily = 'ip' | 'ip6' | 'inet' | 'netdev'

/** Whose rules: nft's own, or those of iptables, which lie in nf_tables or in the older x_tables (legacy). */
export type FirewallTool = 'nft' | 'iptables-nft' | 'iptables-legacy'

/** A chain of rules; only a base chain is entered by packets, the others by jumps. All texts are byte strings. */
export interface Chain {
  tool: FirewallTool
  family: TableFamily
  table: string
  name: string
  base?: BaseChain | undefined
  rules: Rule[]
}

/** Where in the packet's way a base chain stands. Source: nft(8), "chains". */
export interface BaseChain {
  type: string
  hook: string
  /** The lower goes first. */
  priority: number
  policy: 'accept' | 'drop'
  /** Of an ingress chain: only packets of these interfaces. */
  devices?: readonly string[] | undefined
}

/** All conditions must hold; a rule whose map holds several cases is several of these with one text. */
export interface Rule {
  /** `inet filter input handle 5`, `iptables filter INPUT rule 3`. */
  where: string
  /** As its tool prints it, or nearly: for quoting. */
  text: string
  comment?: string | undefined
  conditions: readonly Condition[]
  action: Action
}

/** What a rule asks of a packet. `not` turns the answer round, but only where the packet has such a field at all. */
export type Condition =
  | { on: 'in-interface' | 'out-interface'; names: readonly string[]; not: boolean }
  | { on: 'family'; family: 4 | 6; not: boolean }
  | { on: 'protocol'; protocols: readonly string[]; not: boolean }
  | {
      on: 'destination-port' | 'source-port'
      /** The protocol whose port it is; undefined where any will do. */
      protocol: string | undefined
      ranges: readonly PortRange[]
      not: boolean
    }
  | { on: 'source' | 'destination'; family: 4 | 6; ranges: readonly AddressRange[]; not: boolean }
  | { on: 'state'; states: readonly string[]; not: boolean }
  /** The packet's destination was translated. */
  | { on: 'translated'; not: boolean }
  /** The destination is an address of this machine. */
  | { on: 'local-destination'; not: boolean }
  | { on: 'tcp-flags'; mask: readonly string[]; flags: readonly string[]; not: boolean }
  /** Understood, and never true of the first packet to a port: a type of ICMP. */
  | { on: 'never'; text: string }
  /** Whether it holds cannot be told: limits, marks, sets of other tools. */
  | { on: 'other'; text: string }

export type Action =
  | { kind: 'accept' | 'drop' | 'reject' | 'return' }
  /** Counts, logs or marks: the packet goes on to the next rule. */
  | { kind: 'next' }
  | { kind: 'jump' | 'goto'; chain: string }
  | { kind: 'translate'; to: TranslatedTo }
  /** What becomes of the packet cannot be told: a queue, a target that is not known. */
  | { kind: 'other'; text: string }

/** Where a rule sends a packet to. */
export interface TranslatedTo {
  /** `self`: to this machine (REDIRECT). Undefined where the tool does not tell. */
  address: string | undefined
  /** Undefined where the port stays as it is. */
  ports: PortRange | undefined
}

/** A rule that changes the destination, with what of it is a port that others can connect to. */
export interface PublishedByRule {
  tool: FirewallTool
  protocol: string | undefined
  family: 4 | 6 | undefined
  /** Undefined where the rule takes every port. */
  ports: readonly PortRange[] | undefined
  /** Destinations it takes; undefined where any address will do. */
  addresses: readonly AddressRange[] | undefined
  to: TranslatedTo
  /** It holds only under conditions that cannot be told. */
  conditions: readonly string[]
  rule: Pick<Rule, 'where' | 'text' | 'comment'>
  /** It takes connections from this machine, too (hook output). */
  hook: 'prerouting' | 'output'
}

/** How asking one tool went. */
export interface ToolReading {
  tool: ToolName
  /** `not-needed`: what it would tell is known. `not-recorded`: the recording does not hold its answer. */
  state: 'read' | 'absent' | 'denied' | 'failed' | 'not-needed' | 'not-recorded'
  detail?: string | undefined
}

export type ToolName = 'nft' | 'iptables-save' | 'ip6tables-save' | 'iptables-legacy-save' | 'ip6tables-legacy-save'

/** The rules of one network namespace, as far as they could be read. */
export interface Firewall {
  chains: readonly Chain[]
  tools: readonly ToolReading[]
  /** Why the rules are not all known; empty where they are. One sentence each. */
  gaps: readonly FirewallGap[]
}

export interface FirewallGap {
  reason: 'denied' | 'absent' | 'failed' | 'not-recorded' | 'hidden'
  message: string
}
