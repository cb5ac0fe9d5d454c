import { isUnspecifiedIp } from '../../kernel/ip-address.ts'
import type { FullRoute, InterfaceAddress, InterfaceFacts } from '../model.ts'

type Json = Readonly<Record<string, unknown>>

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
const objects = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : []

/** A JSON list that ip(8) printed; undefined where it is none. */
function parseList(json: string): Json[] | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return Array.isArray(value) ? objects(value) : undefined
  } catch {
    return undefined
  }
}

/**
 * Routes of `ip -j -d route show table all`. Source: iproute2 ip/iproute.c. One: `{"type": "blackhole", "dst":
 * "10.2.0.0/16", "table": "100", "metric": 5}`; a multipath route has `nexthops`. The main table is not named.
 */
export function parseFullRoutes(json: string): FullRoute[] | undefined {
  return parseList(json)?.map(route => {
    const destination = text(route['dst']) ?? 'default'
    const metrics = objects(route['metrics'])
    const single = [hopOf(route)].filter(hop => hop.gateway !== undefined || hop.interfaceName !== undefined)
    const hops = objects(route['nexthops']).map(hopOf)
    const addresses = [
      destination,
      text(route['gateway']),
      text(route['prefsrc']),
      hops[0]?.gateway,
      single[0]?.gateway,
    ]
    return {
      family: addresses.some(address => address?.includes(':')) || 'pref' in route ? 'inet6' : 'inet',
      table: text(route['table']) ?? 'main',
      type: text(route['type']) ?? 'unicast',
      destination,
      nextHops: hops.length > 0 ? hops : single,
      protocol: text(route['protocol']),
      scope: text(route['scope']),
      source: text(route['prefsrc']),
      metric: number(route['metric']),
      mtu: metrics.map(metric => number(metric['mtu'])).find(mtu => mtu !== undefined),
    }
  })
}

function hopOf(hop: Json): FullRoute['nextHops'][number] {
  const via = hop['via'] as Json | undefined
  return {
    gateway: text(hop['gateway']) ?? text(via?.['host']),
    interfaceName: text(hop['dev']),
    weight: number(hop['weight']),
  }
}

/** IFF_… of net/if.h by the word ip(8) prints; LOWER_UP and what else has more than 16 bits is not of SIOCGIFFLAGS. */
const FLAG_BITS: Readonly<Record<string, number>> = {
  UP: 1,
  BROADCAST: 2,
  DEBUG: 4,
  LOOPBACK: 8,
  POINTOPOINT: 0x10,
  NOTRAILERS: 0x20,
  NOARP: 0x80,
  PROMISC: 0x100,
  ALLMULTI: 0x200,
  MASTER: 0x400,
  SLAVE: 0x800,
  MULTICAST: 0x1000,
  PORTSEL: 0x2000,
  AUTOMEDIA: 0x4000,
  DYNAMIC: 0x8000,
}

const LINK_TYPES: Readonly<Record<string, number>> = {
  ether: 1,
  loopback: 772,
  none: 0xfffe,
  sit: 776,
  ipip: 768,
  ppp: 512,
}

export interface LinkFacts {
  name: string
  facts: InterfaceFacts
  addresses: InterfaceAddress[]
}

/** Interfaces of `ip -j address show`. Source: iproute2 ip/ipaddress.c. */
export function parseLinks(json: string): LinkFacts[] | undefined {
  return parseList(json)?.flatMap(link => {
    const name = text(link['ifname'])
    const words = Array.isArray(link['flags']) ? (link['flags'] as unknown[]) : undefined
    if (name === undefined || words === undefined) return []
    const bits = words.reduce<number>((sum, word) => sum | (FLAG_BITS[String(word)] ?? 0), 0)
    const operState = (text(link['operstate']) ?? 'unknown').toLowerCase()
    return [
      {
        name,
        facts: {
          index: number(link['ifindex']) ?? 0,
          mtu: number(link['mtu']) ?? 0,
          flags: withRunning(bits, operState),
          operState,
          txQueueLength: number(link['txqlen']) ?? 0,
          hardwareType: LINK_TYPES[text(link['link_type']) ?? ''] ?? -1,
          hardwareAddress: text(link['address']) ?? '',
          details: new Map<string, bigint>(),
        },
        addresses: objects(link['addr_info']).flatMap(addressOf),
      },
    ]
  })
}

function addressOf(info: Json): InterfaceAddress[] {
  const family = text(info['family'])
  const address = text(info['local'])
  if (address === undefined || (family !== 'inet' && family !== 'inet6')) return []
  const peer = text(info['address'])
  return [
    {
      family,
      address,
      prefixLength: number(info['prefixlen']) ?? 0,
      label: text(info['label']),
      broadcast: text(info['broadcast']),
      peer: peer !== undefined && !isUnspecifiedIp(peer) ? peer : undefined,
    },
  ]
}

const UP = 1
const RUNNING = 0x40

/** SIOCGIFFLAGS reports RUNNING for what is up and whose state is up or not known. Source: Linux net/core/dev.c, dev_get_flags. */
export function withRunning(flags: number, operState: string): number {
  const running = (flags & UP) !== 0 && (operState === 'up' || operState === 'unknown')
  return (running ? flags | RUNNING : flags & ~RUNNING) & 0xffff
}
