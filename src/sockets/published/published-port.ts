import type { FirewallGap, PortRange } from '../../firewall/model.ts'
import type { NamespaceRef } from '../../namespaces/model.ts'
import type { Owner } from '../../processes/owner.ts'
import type { Warning } from '../../warnings.ts'

/**
 * A port of this machine behind which something else answers: a process in another network namespace, another machine,
 * another port. Texts are byte strings.
 */
export interface PublishedPort {
  /** `tcp`, `udp`, …; undefined where it is every one. */
  protocol: string | undefined
  /** Undefined where both families are taken. */
  family: 4 | 6 | undefined
  /** Address that others connect to; undefined where it is any of this machine. */
  address: string | undefined
  /** Undefined where it is every port. */
  ports: PortRange | undefined
  /** Sockets of this machine that listen there; none where only a rule of the firewall takes the connections. */
  inodes: string[]
  /** Why we think so, the strongest first. */
  evidence: PublishedEvidence[]
  to: PublishedTo
  /** Namespaces that have the address, and who answers there; several where the address is that of several. */
  answers: PublishedAnswer[]
}

/** Where a published port leads to. */
export interface PublishedTo {
  /** Undefined where that is not told, or where a namespace or this machine stands for it. */
  address?: string | undefined
  /** Undefined where it is not told. */
  port?: number | undefined
  /** Another port of this machine. */
  isSelf?: true | undefined
  /** A unix socket. */
  path?: string | undefined
  /** The address is as this other machine sees it (ssh -L). */
  through?: string | undefined
  /** Why it cannot be followed. */
  unfollowed?: string | undefined
}

/**
 * `proxy`: a process listens here and was told where to. `rule`: netfilter changes the destination. `flow`: a connection
 * took this way. `arguments`: a process listens here whose arguments tell only in part where to.
 */
export const EVIDENCE_KINDS = ['proxy', 'rule', 'flow', 'arguments'] as const

export interface PublishedEvidence {
  kind: (typeof EVIDENCE_KINDS)[number]
  /** `docker-proxy`, `nft`, `iptables-nft`, `iptables-legacy`, `conntrack`, … */
  by: string
  pid?: number | undefined
  /** Where the rule stands, and the rule. */
  where?: string | undefined
  rule?: string | undefined
  /** It holds for some connections only. */
  only?: readonly string[] | undefined
}

/** A namespace that has the address. */
export interface PublishedAnswer {
  namespace: Omit<NamespaceRef, 'namespace'>
  /** Who answers there; undefined where nothing listens on that port. */
  listener: PublishedListener | undefined
}

export interface PublishedListener {
  inode: string
  address: string
  port: number
  owners: readonly Owner[]
}

/** Every published port of a machine, as far as it could be seen. */
export interface PublishedReport {
  ports: PublishedPort[]
  /** Why ports may be missing that rules of the firewall publish. */
  gaps: readonly FirewallGap[]
  warnings: readonly Warning[]
}

/** What a socket has to do with published ports. */
export interface SocketPublishing {
  /** It takes connections here for somebody else. */
  to: readonly PublishedPort[]
  /** It answers connections to these ports of the machine. */
  from: readonly PublishedPort[]
  /** No socket: a rule of the firewall alone takes the connections. */
  withoutSocket?: true | undefined
}
