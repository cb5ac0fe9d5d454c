import type { Condition } from '../model.ts'
import { addressRanges, listOf, objectOf, portRanges, textOf, valuesOf, type FindSet, type Json } from './nft-values.ts'
import { matchText } from './nft-text.ts'

/** Protocols whose headers hold ports; `th` is any of them. */
const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'th'])

/** A concatenation of more sets than this is not taken apart. */
const MOST_CASES = 4096

/**
 * What a match of nft asks, as alternatives of which one must hold: a concatenation with a set is one for each element.
 * Source: libnftables-json(5), "MATCH".
 */
export function conditionsOfMatch(match: Json | undefined, findSet: FindSet): Condition[][] {
  const { op, left, right } = objectOf(match)
  const operator = textOf(op)
  const unclear: Condition = { on: 'other', text: matchText(match) }
  const values = valuesOf(right, findSet)
  if (values === undefined || !KNOWN_OPERATORS.has(operator)) return [[unclear]]
  const { concat } = objectOf(left)
  if (concat === undefined) return [[conditionOn(left, values, operator) ?? unclear]]
  if (operator === '!=' || values.length > MOST_CASES) return [[unclear]]
  return values.map(value => conditionsOfKey(left, value) ?? [unclear])
}

/** What one key of a map asks: its parts where it is a concatenation. Undefined where that cannot be told. */
export function conditionsOfKey(key: Json | undefined, value: Json): Condition[] | undefined {
  const { concat } = objectOf(key)
  if (concat === undefined) {
    const condition = value === '*' ? undefined : conditionOn(key, [value], '==')
    return value === '*' ? [] : condition && [condition]
  }
  const parts = listOf(objectOf(value)['concat'])
  const conditions = listOf(concat).map((part, at) => conditionsOfKey(part, parts[at] ?? null))
  return conditions.some(condition => condition === undefined) ? undefined : conditions.flatMap(each => each ?? [])
}

const KNOWN_OPERATORS: ReadonlySet<string> = new Set(['==', '!=', 'in', '<', '>', '<=', '>='])

/** Undefined where it cannot be told. */
function conditionOn(left: Json | undefined, values: readonly Json[], operator: string): Condition | undefined {
  const not = operator === '!='
  const { payload, meta, ct, fib, '&': masked } = objectOf(left)
  if (payload !== undefined) {
    const { protocol, field } = objectOf(payload)
    return onPayload(textOf(protocol), textOf(field), values, operator)
  }
  if (masked !== undefined) return onMaskedFlags(masked, values, operator)
  if (!['==', '!=', 'in'].includes(operator)) return undefined
  if (meta !== undefined) return onMeta(textOf(objectOf(meta)['key']), values, not)
  if (ct !== undefined) return onConntrack(textOf(objectOf(ct)['key']), values, not)
  if (fib === undefined) return undefined
  const { result, flags } = objectOf(fib)
  return result === 'type' && listOf(flags).includes('daddr') ? onAddressType(values.map(textOf), not) : undefined
}

/** Asked is for packets to one machine, so none to a group of them. */
const OF_MANY: ReadonlySet<string> = new Set(['broadcast', 'multicast', 'anycast'])

function onAddressType(types: readonly string[], not: boolean): Condition | undefined {
  const [only] = types
  if (types.length === 1 && (only === 'local' || only === 'unicast'))
    return { on: 'local-destination', not: (only === 'local') === not }
  return ofMany('fib daddr type', types, not)
}

const ofMany = (key: string, types: readonly string[], not: boolean): Condition | undefined =>
  types.every(type => OF_MANY.has(type)) && !not ? { on: 'never', text: `${key} ${types.join(', ')}` } : undefined

function onPayload(protocol: string, field: string, values: readonly Json[], operator: string): Condition | undefined {
  const not = operator === '!='
  if (protocol.startsWith('icmp') || protocol === 'arp') return { on: 'never', text: `${protocol} ${field}` }
  if (WITH_PORTS.has(protocol) && (field === 'dport' || field === 'sport')) {
    const ranges = portRanges(values) && compared(portRanges(values)!, operator)
    const of = protocol === 'th' ? undefined : protocol
    return ranges && { on: field === 'dport' ? 'destination-port' : 'source-port', protocol: of, ranges, not }
  }
  if (protocol === 'tcp' && field === 'flags') return onFlags(values.map(textOf), operator)
  if (protocol !== 'ip' && protocol !== 'ip6') return undefined
  if (!['==', '!=', 'in'].includes(operator)) return undefined
  if (field === 'protocol' || field === 'nexthdr') return onProtocol(values, not)
  if (field !== 'saddr' && field !== 'daddr') return undefined
  const family = protocol === 'ip' ? 4 : 6
  const ranges = addressRanges(values, family)
  return ranges && { on: field === 'saddr' ? 'source' : 'destination', family, ranges, not }
}

/** `tcp dport < 1024` as a range. */
function compared(
  ranges: readonly (readonly [number, number])[],
  operator: string,
): (readonly [number, number])[] | undefined {
  if (operator === '==' || operator === '!=' || operator === 'in') return [...ranges]
  if (ranges.length !== 1) return undefined
  const [first, last] = ranges[0]!
  switch (operator) {
    case '<':
      return [[0, first - 1]]
    case '<=':
      return [[0, last]]
    case '>':
      return [[last + 1, 65_535]]
    default:
      return [[first, 65_535]]
  }
}

/** IANA's numbers of the protocols that nft does not always name. */
const PROTOCOL_NUMBERS: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  58: 'ipv6-icmp',
  132: 'sctp',
  136: 'udplite',
}

function onProtocol(values: readonly Json[], not: boolean): Condition | undefined {
  const protocols = values.map(value => (typeof value === 'number' ? PROTOCOL_NUMBERS[value] : textOf(value)) ?? '')
  return protocols.includes('') ? undefined : { on: 'protocol', protocols, not }
}

function onMeta(key: string, values: readonly Json[], not: boolean): Condition | undefined {
  switch (key) {
    case 'iif':
    case 'iifname':
    case 'oif':
    case 'oifname': {
      const names = values.map(textOf)
      const on = key.startsWith('i') ? 'in-interface' : 'out-interface'
      return names.includes('') ? undefined : { on, names, not }
    }
    case 'l4proto':
      return onProtocol(values, not)
    case 'nfproto':
    case 'protocol': {
      const family = FAMILIES[textOf(values[0])]
      return values.length === 1 && family !== undefined ? { on: 'family', family, not } : undefined
    }
    case 'pkttype':
      return ofMany('meta pkttype', values.map(textOf), not)
    default:
      return undefined
  }
}

const FAMILIES: Readonly<Partial<Record<string, 4 | 6>>> = { ipv4: 4, ip: 4, ipv6: 6, ip6: 6 }

function onConntrack(key: string, values: readonly Json[], not: boolean): Condition | undefined {
  const words = values.map(textOf)
  if (key === 'state') return words.includes('') ? undefined : { on: 'state', states: words, not }
  if (key === 'status' && words.length === 1 && words[0] === 'dnat') return { on: 'translated', not }
  return undefined
}

/** `tcp flags syn`: one of these is set. */
function onFlags(flags: readonly string[], operator: string): Condition | undefined {
  if (flags.includes('')) return undefined
  if (operator !== 'in') return { on: 'tcp-flags', mask: ALL_FLAGS, flags, not: operator === '!=' }
  const meant = flags.includes('syn')
  return { on: 'tcp-flags', mask: ['syn'], flags: meant ? ['syn'] : [], not: !meant }
}

const ALL_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ecn', 'cwr']

/** `tcp flags & (fin | syn | rst | ack) == syn`. */
function onMaskedFlags(masked: Json, values: readonly Json[], operator: string): Condition | undefined {
  const [field, mask] = listOf(masked)
  const { protocol, field: name } = objectOf(objectOf(field)['payload'])
  if (protocol !== 'tcp' || name !== 'flags' || (operator !== '==' && operator !== '!=')) return undefined
  const [among, flags] = [(valuesOf(mask, () => undefined) ?? []).map(textOf), values.map(textOf)]
  // No flag at all is the number 0.
  const set = values.length === 1 && values[0] === 0 ? [] : flags
  return among.includes('') || set.includes('')
    ? undefined
    : { on: 'tcp-flags', mask: among, flags: set, not: operator === '!=' }
}
