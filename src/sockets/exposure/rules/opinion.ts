import {
  addressNumber,
  BEFORE_TRANSLATION,
  destinationsOf,
  interfaceTo,
  translatedPacket,
  verdictAt,
  type Ending,
  type FirewallAnswer,
  type FirewallVerdict,
  type Packet,
} from '../../../firewall/index.ts'
import type { Chain, FirewallGap, RouteOut } from '../../../firewall/model.ts'
import type { PublishedTo } from '../../published/published-port.ts'
import type { FirewallOpinion, QuotedRule } from '../exposure-report.ts'

/** What the firewall of a machine is asked with. */
export interface FirewallFacts {
  chains: readonly Chain[]
  gaps: readonly FirewallGap[]
  routes: readonly RouteOut[]
  /** Interfaces that packets from outside come in through, those together that no rule tells apart; empty where not known. */
  interfaces: readonly (readonly string[])[]
  localAddresses: readonly string[]
}

/** A port of the machine, as a packet from outside has it. */
export interface AskedPort {
  family: 4 | 6
  protocol: string
  /** Undefined where the own addresses are not known. */
  address: string | undefined
  port: number
  /** Of an address of one link: the only interfaces it is reached through. */
  interfaces?: readonly string[] | undefined
}

/** What the rules do with a packet to a listener of this machine. */
export function opinionOfListener(facts: FirewallFacts, asked: AskedPort): FirewallOpinion {
  const opinion = combined(facts, asked, packet => listenerVerdict(facts, packet))
  const ways = interfacesOf(facts, asked).map(({ name }) => destinationsOf(facts.chains, packetOf(facts, asked, name)))
  const first = ways.flat().find(({ translation }) => translation !== undefined)?.translation
  if (first === undefined) return opinion
  const all = ways.every(way => way.every(({ translation }) => translation !== undefined))
  return { ...opinion, taken: { rule: quoted(first.ending), all } }
}

/** What the rules do with a packet to a published port, on its way to where it leads. */
export function opinionOfPublished(facts: FirewallFacts, asked: AskedPort, to: PublishedTo): FirewallOpinion {
  return combined(facts, asked, packet => publishedVerdict(facts, packet, to))
}

/** What the chain input would do, did nothing translate the packet. */
export function inputVerdict(facts: FirewallFacts, asked: AskedPort): FirewallVerdict {
  return verdictAt(facts.chains, ['input'], packetOf(facts, asked, interfacesOf(facts, asked)[0]?.name))
}

function packetOf({ localAddresses }: FirewallFacts, asked: AskedPort, inInterface: string | undefined): Packet {
  const { family, protocol, address, port } = asked
  return {
    family,
    protocol,
    destination: address === undefined ? undefined : addressNumber(address),
    port,
    inInterface,
    outInterface: undefined,
    isLocal: address === undefined || localAddresses.length === 0 || localAddresses.includes(address),
    isTranslated: false,
  }
}

/** One of each kind stands for all of it. */
function interfacesOf(
  facts: FirewallFacts,
  asked: AskedPort,
): readonly { name: string | undefined; all: readonly string[] }[] {
  const kinds = asked.interfaces?.map(name => [name]) ?? facts.interfaces
  return kinds.length === 0 ? [{ name: undefined, all: [] }] : kinds.map(all => ({ name: all[0], all }))
}

function listenerVerdict({ chains }: FirewallFacts, packet: Packet): FirewallVerdict {
  return behind(verdictAt(chains, BEFORE_TRANSLATION, packet), verdictAt(chains, ['input'], packet))
}

/** What goes elsewhere than the port is thought to lead is none of its packets. */
function publishedVerdict(facts: FirewallFacts, packet: Packet, to: PublishedTo): FirewallVerdict {
  const { chains } = facts
  const before = verdictAt(chains.filter(isBeforeTranslation), BEFORE_TRANSLATION, packet)
  const found = destinationsOf(chains, packet).find(({ translation }) => {
    const address = translation?.to.address
    return to.isSelf ? address === 'self' : address !== undefined && address === to.address
  })
  if (found?.translation === undefined) return { answer: 'depends', because: before.because }
  const onward = translatedPacket(packet, found.translation.to, {
    isLocal: to.isSelf === true,
    outInterface: to.address === undefined ? undefined : interfaceTo(facts.routes, to.address),
  })
  const behindIt = verdictAt(
    chains.filter(chain => !isBeforeTranslation(chain)),
    ['prerouting'],
    onward,
  )
  const verdict = behind(before, behind(behindIt, verdictAt(chains, [to.isSelf ? 'input' : 'forward'], onward)))
  if (!found.isOnlyPerhaps || verdict.answer === 'dropped') return verdict
  return { answer: 'depends', because: [found.translation.ending, ...verdict.because] }
}

/** Where destinations are translated. Source: Linux include/uapi/linux/netfilter_ipv4.h, NF_IP_PRI_NAT_DST. */
const TRANSLATION_PRIORITY = -100

/** Chains of the hook prerouting that come later see the new destination. */
const isBeforeTranslation = ({ base }: Chain) =>
  base?.hook !== 'prerouting' || base.type === 'nat' || base.priority <= TRANSLATION_PRIORITY

/** A drop on the way is the last word. */
function behind(before: FirewallVerdict, after: FirewallVerdict): FirewallVerdict {
  if (before.answer === 'dropped') return before
  if (after.answer === 'dropped' || before.answer === 'accepted') return after
  return { answer: 'depends', because: [...before.because, ...(after.answer === 'depends' ? after.because : [])] }
}

/** One answer for all interfaces that a packet may come in through, or which gives which. */
function combined(
  facts: FirewallFacts,
  asked: AskedPort,
  verdictOf: (packet: Packet) => FirewallVerdict,
): FirewallOpinion {
  const answers = interfacesOf(facts, asked).map(({ name, all }) => ({
    all,
    verdict: verdictOf(packetOf(facts, asked, name)),
  }))
  const kinds = [...new Set(answers.map(({ verdict }) => verdict.answer))]
  const because = unique(answers.flatMap(({ verdict }) => verdict.because.map(quoted)))
  const [only] = kinds
  if (kinds.length === 1) return { answer: known(facts, only!), because }
  const byInterface = kinds.map(answer => ({
    answer,
    names: answers.flatMap(({ all, verdict }) => (verdict.answer === answer ? all : [])),
  }))
  return { answer: known(facts, 'depends'), because, byInterface }
}

/** Rules that could not be read may drop what those that were accept; what these drop stays dropped. */
function known({ gaps }: FirewallFacts, answer: FirewallAnswer): FirewallAnswer | 'unknown' {
  const isPartial = gaps.some(({ reason }) => reason !== 'hidden')
  return isPartial && answer !== 'dropped' ? 'unknown' : answer
}

export function quoted({ verdict, rule, perhaps, chain }: Ending): QuotedRule {
  const place = `${chain.family} ${chain.table} ${chain.name}`
  if (rule === undefined) return { verdict, where: place, text: `policy ${verdict}`, perhaps: perhaps !== undefined }
  const leads =
    perhaps !== undefined && perhaps !== rule && (perhaps.action.kind === 'jump' || perhaps.action.kind === 'goto')
  const under = leads ? perhaps.text : undefined
  return { verdict, where: rule.where, text: rule.text, perhaps: perhaps !== undefined, under }
}

function unique(rules: readonly QuotedRule[]): QuotedRule[] {
  const seen = new Map(rules.map(rule => [`${rule.where} ${rule.text} ${rule.verdict}`, rule]))
  return [...seen.values()]
}
