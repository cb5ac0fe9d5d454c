import type { Condition, PortRange } from '../model.ts'
import { holdsAddress, isWholeFamily } from '../tables/address-range.ts'

/** The first packet of a connection, or a datagram, from outside this machine: what is not known of it is undefined. */
export interface Packet {
  family: 4 | 6
  protocol: string
  destination: { number: bigint } | undefined
  port: number
  inInterface: string | undefined
  outInterface: string | undefined
  /** The destination is an address of this machine. */
  isLocal: boolean
  /** Its destination was translated on the way. */
  isTranslated: boolean
}

export type Truth = 'yes' | 'no' | 'perhaps'

const ALL_PORTS: PortRange = [0, 65_535]
const LOOPBACK: Readonly<Record<4 | 6, readonly [bigint, bigint]>> = { 4: [0x7f000000n, 0x7fffffffn], 6: [1n, 1n] }

/** Whether a condition holds for a packet; `perhaps` where that hangs on what is not known: its source, a limit, a mark. */
export function truthOf(condition: Condition, packet: Packet): Truth {
  switch (condition.on) {
    case 'family':
      return answer(condition.family === packet.family, condition.not)
    case 'protocol':
      return answer(condition.protocols.includes(packet.protocol), condition.not)
    case 'in-interface':
      return named(condition.names, packet.inInterface, condition.not)
    case 'out-interface':
      return named(condition.names, packet.outInterface, condition.not)
    case 'destination-port':
      if (!isOf(condition.protocol, packet)) return 'no'
      return answer(inRanges(packet.port, condition.ranges), condition.not)
    case 'source-port':
      if (!isOf(condition.protocol, packet)) return 'no'
      return condition.ranges.some(([first, last]) => first <= 1 && last >= ALL_PORTS[1])
        ? answer(true, condition.not)
        : 'perhaps'
    case 'source':
      return sourceTruth(condition, packet)
    case 'destination': {
      // A rule about addresses of one family does not see packets of the other, whatever it says.
      if (condition.family !== packet.family) return 'no'
      if (condition.ranges.some(isWholeFamily)) return answer(true, condition.not)
      if (packet.destination === undefined) return 'perhaps'
      return answer(holdsAddress(condition.ranges, packet.family, packet.destination.number), condition.not)
    }
    case 'state':
      return answer(condition.states.includes('new'), condition.not)
    case 'translated':
      return answer(packet.isTranslated, condition.not)
    case 'local-destination':
      return answer(packet.isLocal, condition.not)
    case 'tcp-flags': {
      if (packet.protocol !== 'tcp') return 'no'
      // The first packet has SYN alone; those for ECN only where it is asked for.
      const set = condition.mask.includes('syn') ? ['syn'] : []
      const same = set.length === condition.flags.length && set.every(flag => condition.flags.includes(flag))
      return answer(same, condition.not)
    }
    case 'never':
      return 'no'
    case 'other':
      return 'perhaps'
  }
}

const answer = (holds: boolean, not: boolean): Truth => (holds === not ? 'no' : 'yes')

const isOf = (protocol: string | undefined, packet: Packet) => protocol === undefined || protocol === packet.protocol

export const inRanges = (port: number, ranges: readonly PortRange[]) =>
  ranges.some(([first, last]) => first <= port && port <= last)

/** From outside: any source but loopback. */
function sourceTruth(
  { family, ranges, not }: Extract<Condition, { on: 'source' | 'destination' }>,
  packet: Packet,
): Truth {
  if (family !== packet.family) return 'no'
  if (ranges.some(isWholeFamily)) return answer(true, not)
  const [first, last] = LOOPBACK[family]
  return ranges.every(range => range.first >= first && range.last <= last) ? answer(false, not) : 'perhaps'
}

/** `eth0`, or `docker*`; nothing from outside comes in through lo. */
function named(names: readonly string[], actual: string | undefined, not: boolean): Truth {
  if (names.includes('*')) return answer(true, not)
  if (actual === undefined) return names.every(name => name === 'lo') ? answer(false, not) : 'perhaps'
  return answer(
    names.some(name => matchesName(name, actual)),
    not,
  )
}

export const matchesName = (name: string, actual: string) =>
  name.endsWith('*') ? actual.startsWith(name.slice(0, -1)) : name === actual
