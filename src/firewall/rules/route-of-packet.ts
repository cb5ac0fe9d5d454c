import { addressNumber } from '../tables/address-range.ts'
import type { Chain, PortRange, TranslatedTo } from '../model.ts'
import type { Packet } from './condition-truth.ts'
import { endingsOf, type Ending } from './walk.ts'

/** `depends`: on who asks, through which interface, how often: on what the rules ask and no one can tell beforehand. */
export type FirewallAnswer = 'accepted' | 'dropped' | 'depends'

/** What the rules do with a packet on one way through the machine. */
export interface FirewallVerdict {
  answer: FirewallAnswer
  /** The endings that decide: of `depends` all that differ, else the last word of each chain that has one. */
  because: Ending[]
}

/** Chains of one hook that packets of this family and interface pass, in their order. */
function chainsAt(chains: readonly Chain[], hook: string, packet: Packet, type?: string): Chain[] {
  return chains
    .filter(({ base, family }) => {
      if (base?.hook !== hook || (type !== undefined && base.type !== type)) return false
      if (base.devices !== undefined && packet.inInterface !== undefined) {
        if (!base.devices.includes(packet.inInterface)) return false
      }
      return family === 'inet' || family === 'netdev' || family === (packet.family === 4 ? 'ip' : 'ip6')
    })
    .toSorted((a, b) => a.base!.priority - b.base!.priority)
}

/** What the chains of these hooks make of a packet: a drop is the last word, an accept only that of its own chain. */
export function verdictAt(chains: readonly Chain[], hooks: readonly string[], packet: Packet): FirewallVerdict {
  const filters = hooks.flatMap(hook => chainsAt(chains, hook, packet)).filter(({ base }) => base!.type !== 'nat')
  const decisive: Ending[] = []
  const doubtful: Ending[] = []
  for (const chain of filters) {
    const endings = endingsOf(chain, chains, packet)
    const stopping = endings.filter(({ verdict }) => verdict === 'drop' || verdict === 'reject')
    if (stopping.length === endings.length && !mayNotSee(chain, packet)) return { answer: 'dropped', because: stopping }
    if (endings.every(({ verdict }) => verdict === 'accept')) decisive.push(...endings)
    else doubtful.push(...endings)
  }
  return doubtful.length > 0 ? { answer: 'depends', because: doubtful } : { answer: 'accepted', because: decisive }
}

/** A chain of interfaces, of which nft does not always tell the names, may not see the packet at all. */
const mayNotSee = ({ base }: Chain, packet: Packet) =>
  base?.hook === 'ingress' && (base.devices === undefined || packet.inInterface === undefined)

/** Where a packet to a port of this machine goes on to. */
export interface Destination {
  /** Undefined: to the port itself. */
  translation: { to: TranslatedTo; ending: Ending } | undefined
  /** Some packets go elsewhere. */
  isOnlyPerhaps: boolean
}

/** Where the rules that translate destinations (hook prerouting) send a packet; the first that applies decides. */
export function destinationsOf(chains: readonly Chain[], packet: Packet): Destination[] {
  const found: Destination[] = []
  for (const chain of chainsAt(chains, 'prerouting', packet, 'nat')) {
    const endings = endingsOf(chain, chains, packet)
    for (const ending of endings) {
      if (ending.verdict !== 'translate') continue
      const isOnlyPerhaps = endings.length > 1 || found.length > 0
      found.push({ translation: { to: ending.to!, ending }, isOnlyPerhaps })
    }
    if (endings.every(({ verdict }) => verdict === 'translate')) return found
  }
  return [...found, { translation: undefined, isOnlyPerhaps: found.length > 0 }]
}

/** The packet as it is behind a translation, on its way to another machine or namespace, or to this one. */
export function translatedPacket(
  packet: Packet,
  to: TranslatedTo,
  leaves: { isLocal: boolean; outInterface: string | undefined },
): Packet {
  const destination = to.address === undefined || to.address === 'self' ? undefined : addressNumber(to.address)
  return {
    ...packet,
    destination: destination && { number: destination.number },
    port: portBehind(packet.port, to.ports),
    isTranslated: true,
    isLocal: leaves.isLocal,
    outInterface: leaves.outInterface,
  }
}

const portBehind = (port: number, ports: PortRange | undefined) =>
  ports === undefined || (ports[0] <= port && port <= ports[1]) ? port : ports[0]

/** Before the destination is translated: where Docker and others drop what does not come from its own side. */
export const BEFORE_TRANSLATION = ['ingress', 'prerouting'] as const
