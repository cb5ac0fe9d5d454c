import type { Condition, PortRange } from '../model.ts'
import { parseAddressRange, type AddressRange } from './address-range.ts'
import type { IptablesOption } from './iptables-words.ts'

/** Matches whose options are understood one by one, or that change nothing. Source: iptables-extensions(8). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  'tcp',
  'udp',
  'udplite',
  'sctp',
  'dccp',
  'icmp',
  'icmp6',
  'multiport',
  'conntrack',
  'state',
  'comment',
  'addrtype',
  'iprange',
  'pkttype',
])

/** What the options in front of the target ask. */
export function conditionsOf(options: readonly IptablesOption[], family: 4 | 6): Condition[] {
  const protocol = options.find(({ name }) => name === '-p')?.values[0]
  const conditions: Condition[] = []
  for (const option of options) {
    if (option.name === '--comment') continue
    // Options of what is not understood are told with it.
    if (option.name.startsWith('--') && !UNDERSTOOD.has(option.module ?? '')) continue
    const condition =
      option.name === '-m' ? ofModule(option, options) : (conditionOf(option, protocol, family) ?? unclear([option]))
    if (condition !== undefined) conditions.push(condition)
  }
  return conditions
}

function ofModule({ module = '' }: IptablesOption, options: readonly IptablesOption[]): Condition | undefined {
  if (UNDERSTOOD.has(module)) return undefined
  return unclear(options.filter(option => option.module === module))
}

function unclear(options: readonly IptablesOption[]): Condition {
  const text = options.map(({ name, not, values }) => [...(not ? ['!'] : []), name, ...values].join(' ')).join(' ')
  return { on: 'other', text }
}

function conditionOf(
  { name, not, values }: IptablesOption,
  protocol: string | undefined,
  family: 4 | 6,
): Condition | undefined {
  const [first = '', second = ''] = values
  switch (name) {
    case '-p':
      return { on: 'protocol', protocols: first === 'all' ? [] : [first], not: first === 'all' ? true : not }
    case '-i':
    case '-o':
      // iptables ends a beginning of names with +, nft with *.
      return { on: name === '-i' ? 'in-interface' : 'out-interface', names: [first.replace(/\+$/, '*')], not }
    case '-s':
    case '--src-range':
      return onAddress('source', first, family, not)
    case '-d':
    case '--dst-range':
      return onAddress('destination', first, family, not)
    case '--dport':
    case '--dports':
      return onPorts('destination-port', protocol, first, not)
    case '--sport':
    case '--sports':
      return onPorts('source-port', protocol, first, not)
    case '--state':
    case '--ctstate':
      return onState(first.toLowerCase().split(','), not)
    case '--dst-type':
      return onAddressType(first, not)
    case '--pkt-type':
      return (first === 'broadcast' || first === 'multicast') && !not
        ? { on: 'never', text: `--pkt-type ${first}` }
        : undefined
    case '--syn':
      return { on: 'tcp-flags', mask: ['fin', 'syn', 'rst', 'ack'], flags: ['syn'], not }
    case '--tcp-flags':
      return { on: 'tcp-flags', mask: flagsOf(first), flags: flagsOf(second), not }
    case '--icmp-type':
    case '--icmpv6-type':
      return { on: 'never', text: `${name} ${first}` }
    default:
      return undefined
  }
}

/** Asked is for packets to one machine, so none to a group of them. */
const OF_MANY: ReadonlySet<string> = new Set(['BROADCAST', 'MULTICAST', 'ANYCAST'])

function onAddressType(type: string, not: boolean): Condition | undefined {
  if (type === 'LOCAL' || type === 'UNICAST') return { on: 'local-destination', not: (type === 'LOCAL') === not }
  return OF_MANY.has(type) && !not ? { on: 'never', text: `--dst-type ${type}` } : undefined
}

const ALL_FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg']

function flagsOf(text: string): string[] {
  if (text === 'ALL') return ALL_FLAGS
  return text === 'NONE' ? [] : text.toLowerCase().split(',')
}

function onAddress(on: 'source' | 'destination', text: string, family: 4 | 6, not: boolean): Condition | undefined {
  const ranges: (AddressRange | undefined)[] = text.split(',').map(parseAddressRange)
  if (ranges.some(range => range?.family !== family)) return undefined
  return { on, family, ranges: ranges as AddressRange[], not }
}

function onPorts(
  on: 'destination-port' | 'source-port',
  protocol: string | undefined,
  text: string,
  not: boolean,
): Condition | undefined {
  const ranges = text.split(',').map(parsePortRange)
  if (ranges.includes(undefined)) return undefined
  return { on, protocol, ranges: ranges as PortRange[], not }
}

/** `80`, `5000:5010` or, in targets, `5000-5010`. */
export function parsePortRange(text: string): PortRange | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:[:-](\d{1,5}))?$/.exec(text) ?? []
  if (first === undefined || Number(first) > Number(last) || Number(last) > 65_535) return undefined
  return [Number(first), Number(last)]
}

function onState(states: readonly string[], not: boolean): Condition | undefined {
  if (states.length === 1 && states[0] === 'dnat') return { on: 'translated', not }
  return states.includes('dnat') || states.includes('snat') ? undefined : { on: 'state', states, not }
}
