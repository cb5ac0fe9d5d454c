import type { FirewallAnswer } from '../../firewall/index.ts'
import type { FirewallGap } from '../../firewall/model.ts'
import type { Owner } from '../../processes/owner.ts'
import type { Statement } from '../../statement.ts'
import type { PublishedPort } from '../published/published-port.ts'
import type { InetTable } from '../tables/inet-row.ts'

/** How far an address reaches; the widest last. `unknown`: the own addresses could not be read. */
export const SCOPES = ['loopback', 'link-local', 'private', 'public', 'unknown'] as const
export type Scope = (typeof SCOPES)[number]

/** What listens, and who can get there. */
export interface ExposureReport {
  listeners: ExposedListener[]
  /** Ports of this machine that only the firewall takes, or takes before a listener gets them. */
  published: ExposedPublication[]
  /** Why the rules of the firewall are not all known; empty where they are. */
  gaps: readonly FirewallGap[]
  findings: Statement[]
}

/** A socket that waits for others; sockets that share address and port are one. */
export interface ExposedListener {
  table: InetTable
  inode: string
  address: string
  port: number
  /** Of a listener on `::`: whether it takes IPv4, too; undefined where that is not known. */
  takesIpv4: boolean | undefined
  owners: readonly Owner[]
  paths: ExposedPath[]
}

/** Addresses by which a port is reached in one way. */
export interface ExposedPath {
  family: 4 | 6
  scope: Scope
  /** Own addresses; none where they could not be read. */
  addresses: string[]
  /** The listener takes this family perhaps. */
  perhaps?: true | undefined
  /** Undefined where nothing from outside gets there: loopback. */
  firewall: FirewallOpinion | undefined
}

/** What the rules do with the first packet of a connection from outside. `unknown`: they could not be read. */
export interface FirewallOpinion {
  answer: FirewallAnswer | 'unknown'
  because: QuotedRule[]
  /** Where the answer hangs on the interface that it comes in through. */
  byInterface?: { names: string[]; answer: FirewallAnswer }[] | undefined
  /** A rule sends it elsewhere before it gets to the listener: all of it, or some. */
  taken?: { rule: QuotedRule; all: boolean } | undefined
}

/** A rule, or the policy of a chain, that decides. */
export interface QuotedRule {
  verdict: string
  /** `inet fw input handle 5`; of a policy the chain. */
  where: string
  text: string
  /** It holds for some packets only. */
  perhaps: boolean
  /** The rule that leads to its chain, where that holds for some packets only. */
  under?: string | undefined
}

export interface ExposedPublication {
  port: PublishedPort
  paths: ExposedPath[]
  /** The chain input would not let the same port in: what one sees there says nothing of it. */
  passesInput: QuotedRule | undefined
}
