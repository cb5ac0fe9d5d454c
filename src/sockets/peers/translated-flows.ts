import { formatIp, unmapIp } from '../../kernel/ip-address.ts'
import { parseIp } from '../../kernel/parse-ip.ts'
import type { ConntrackFlow, FlowEnd } from '../../firewall/model.ts'
import type { TranslatedFlow, Tuple } from './rules/inet-peers.ts'

/** The flows of conntrack that were translated, in the form in which sockets have their addresses. */
export function translatedFlows(flows: readonly ConntrackFlow[]): TranslatedFlow[] {
  return flows.flatMap(({ protocol, original, reply }) => {
    const [first, answer] = [tupleOf(original), tupleOf(reply)]
    if (first === undefined || answer === undefined || isReverse(first, answer)) return []
    return [{ protocol, original: first, reply: answer }]
  })
}

function isReverse(original: Tuple, reply: Tuple): boolean {
  return (
    original.source === reply.destination &&
    original.destination === reply.source &&
    original.sourcePort === reply.destinationPort &&
    original.destinationPort === reply.sourcePort
  )
}

function tupleOf({ source, sourcePort, destination, destinationPort }: FlowEnd): Tuple | undefined {
  const [from, to] = [plainAddress(source), plainAddress(destination)]
  if (from === undefined || to === undefined || sourcePort === undefined || destinationPort === undefined)
    return undefined
  return { source: from, sourcePort, destination: to, destinationPort }
}

/** conntrack writes every group of an IPv6 address out. */
function plainAddress(text: string): string | undefined {
  const bytes = parseIp(text)
  return bytes && unmapIp(formatIp(bytes))
}
