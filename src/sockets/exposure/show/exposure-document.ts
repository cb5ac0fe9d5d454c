import { isUtf8 } from 'node:buffer'
import { programName } from '../../../processes/process-facts.ts'
import type { Statement } from '../../../statement.ts'
import { escapeBytes } from '../../../terminal/escape.ts'
import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import { publishedPortJson, type PublishedPortJson } from '../../published/show/published-json.ts'
import type { ExposedListener, ExposedPath, ExposureReport, FirewallOpinion, QuotedRule } from '../exposure-report.ts'

/** Document of `mynetstat --exposure`: who can get at what listens here, from outside the machine. */
export interface ExposureDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/exposure/1'
  listeners: ExposedListenerJson[]
  /** Ports that the firewall sends elsewhere. */
  published: ExposedPublicationJson[]
  findings: Statement[]
  /** Why the rules of the firewall are not all known; empty where they are. */
  firewallGaps: string[]
}

/** A socket that waits for others. */
export interface ExposedListenerJson {
  /** tcp, tcp6, udp, udp6 … */
  protocol: string
  inode: string
  localAddress: string
  localPort: number
  /** Of a listener on `::`: whether it takes IPv4 too; absent where that is not known. */
  takesIpv4?: boolean | undefined
  owners: ExposedOwnerJson[]
  paths: ExposedPathJson[]
}

export interface ExposedOwnerJson {
  pid: number
  program: string
  container?: string | undefined
  unit?: string | undefined
}

/** Addresses by which a port is reached in one way. */
export interface ExposedPathJson {
  family: 4 | 6
  /** unknown: the own addresses could not be read. */
  scope: 'loopback' | 'link-local' | 'private' | 'public' | 'unknown'
  addresses: string[]
  /** The listener takes this family perhaps. */
  perhaps?: true | undefined
  /** Absent where nothing from outside gets there: loopback. */
  firewall?: FirewallOpinionJson | undefined
}

/** What the rules do with the first packet of a connection from outside. */
export interface FirewallOpinionJson {
  /** unknown: the rules could not be read. depends: on what the quoted rules ask. */
  answer: 'accepted' | 'dropped' | 'depends' | 'unknown'
  because: QuotedRuleJson[]
  /** Where it hangs on the interface that it comes in through. */
  byInterface?: { names: string[]; answer: 'accepted' | 'dropped' | 'depends' }[] | undefined
  /** A rule sends it elsewhere before it gets here: all of it, or some. */
  taken?: { rule: QuotedRuleJson; all: boolean } | undefined
}

/** A rule, or the policy of a chain. */
export interface QuotedRuleJson {
  /** accept, drop, reject, translate, other. */
  verdict: string
  where: string
  text: string
  /** It holds for some packets only. */
  perhaps: boolean
  /** The rule that leads to its chain, where that holds for some packets only. */
  under?: string | undefined
}

/** A port that the firewall sends elsewhere. */
export interface ExposedPublicationJson {
  port: PublishedPortJson
  paths: ExposedPathJson[]
  /** The rule by which the chain input would have dropped it. */
  passesInput?: QuotedRuleJson | undefined
}

export function exposureDocument(
  origin: Origin,
  { listeners, published, findings, gaps }: ExposureReport,
  unreadable: Record<string, number>,
): Document<ExposureDocument, 'listeners'> {
  return {
    what: 'exposure',
    origin,
    lists: { listeners: listeners.map(listenerJson) },
    facts: {
      published: published.map(({ port, paths, passesInput }) => ({
        port: publishedPortJson(port),
        paths: paths.map(pathJson),
        passesInput: passesInput && ruleJson(passesInput),
      })),
      findings: findings.map(finding => ({ ...finding })),
      firewallGaps: gaps.map(({ message }) => message),
    },
    unreadable,
  }
}

function listenerJson({ table, inode, address, port, takesIpv4, owners, paths }: ExposedListener): ExposedListenerJson {
  return {
    protocol: table,
    inode,
    localAddress: address,
    localPort: port,
    takesIpv4,
    owners: owners.map(({ process }) => ({
      pid: process.pid,
      program: textOf(programName(process)),
      container: process.container && textOf(process.container),
      unit: process.unit && textOf(process.unit),
    })),
    paths: paths.map(pathJson),
  }
}

const pathJson = ({ firewall, ...path }: ExposedPath): ExposedPathJson => ({
  ...path,
  firewall: firewall && opinionJson(firewall),
})

function opinionJson({ answer, because, byInterface, taken }: FirewallOpinion): FirewallOpinionJson {
  return {
    answer,
    because: because.map(ruleJson),
    byInterface: byInterface?.map(way => ({ names: way.names.map(textOf), answer: way.answer })),
    taken: taken && { rule: ruleJson(taken.rule), all: taken.all },
  }
}

const ruleJson = ({ verdict, where, text, perhaps, under }: QuotedRule): QuotedRuleJson => ({
  verdict,
  where: textOf(where),
  text: textOf(text),
  perhaps,
  under: under && textOf(under),
})

function textOf(bytes: string): string {
  const raw = Buffer.from(bytes, 'latin1')
  return isUtf8(raw) ? raw.toString('utf8') : escapeBytes(bytes)
}
