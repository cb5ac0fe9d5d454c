import type { Action, Condition, TranslatedTo } from '../model.ts'
import { conditionsOfKey } from './nft-conditions.ts'
import { expressionText } from './nft-text.ts'
import { elementValue, listOf, objectOf, portRanges, textOf, type FindSet, type Json } from './nft-values.ts'

/** An action with what must hold for it beyond the matches of its rule. */
export interface ActionCase {
  conditions: readonly Condition[]
  action: Action
}

/** Elements of a map that are looked at. */
const MOST_ELEMENTS = 4096

/** Statements after which a packet goes on to the next one. Source: libnftables-json(5), "STATEMENTS". */
const PASSING: ReadonlySet<string> = new Set([
  'counter',
  'log',
  'mangle',
  'notrack',
  'dup',
  'flow',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'secmark',
  'continue',
])

/** Targets of iptables after which a packet goes on. Source: iptables-extensions(8). */
const PASSING_TARGETS: ReadonlySet<string> = new Set(
  (
    'LOG NFLOG ULOG TRACE MARK CONNMARK SECMARK CONNSECMARK SET CHECKSUM TCPMSS TCPOPTSTRIP NOTRACK CT CLASSIFY ' +
    'DSCP TOS TTL HL ECN TEE RATEEST AUDIT LED IDLETIMER HMARK'
  ).split(' '),
)

/** What a target of iptables does to a packet; undefined where the name is none of its own, so that of a chain. */
export function targetAction(name: string): Action | undefined {
  if (PASSING_TARGETS.has(name)) return { kind: 'next' }
  switch (name) {
    case 'ACCEPT':
      return { kind: 'accept' }
    case 'DROP':
      return { kind: 'drop' }
    case 'REJECT':
    case 'TARPIT':
      return { kind: 'reject' }
    case 'RETURN':
      return { kind: 'return' }
    // They change the source: the packet is through.
    case 'MASQUERADE':
    case 'SNAT':
      return { kind: 'accept' }
    case 'DNAT':
      return { kind: 'translate', to: { address: undefined, ports: undefined } }
    case 'REDIRECT':
      return { kind: 'translate', to: { address: 'self', ports: undefined } }
    case 'NFQUEUE':
    case 'QUEUE':
    case 'TPROXY':
    case 'SYNPROXY':
    case 'NETMAP':
      return { kind: 'other', text: name }
    default:
      return undefined
  }
}

/** What a statement does: cases where it looks up a map, undefined where it is no action but a condition of its own. */
export function actionsOf(kind: string, value: Json | undefined, findSet: FindSet): ActionCase[] | undefined {
  const facts = objectOf(value)
  const one = (action: Action): ActionCase[] => [{ conditions: [], action }]
  if (PASSING.has(kind)) return one({ kind: 'next' })
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'return':
      return one({ kind })
    case 'jump':
    case 'goto':
      return one({ kind, chain: textOf(facts['target']) })
    case 'masquerade':
    case 'snat':
      return one({ kind: 'accept' })
    case 'dnat':
    case 'redirect':
      return translations(kind, facts, findSet)
    case 'vmap':
      return mapCases(facts['key'], facts['data'], findSet, verdict => {
        const [name = '', content] = Object.entries(objectOf(verdict))[0] ?? []
        return actionsOf(name, content, findSet)?.[0]?.action
      })
    case 'queue':
    case 'tproxy':
    case 'synproxy':
    case 'fwd':
      return one({ kind: 'other', text: kind })
    default:
      return undefined
  }
}

function translations(kind: 'dnat' | 'redirect', facts: ReturnType<typeof objectOf>, findSet: FindSet): ActionCase[] {
  const self = kind === 'redirect' ? 'self' : undefined
  const { map } = objectOf(facts['addr'] ?? facts['port'])
  if (map !== undefined) {
    const { key, data } = objectOf(map)
    const isPort = facts['addr'] === undefined
    return mapCases(key, data, findSet, value => {
      const [first = null, second] =
        objectOf(value)['concat'] === undefined ? [value] : listOf(objectOf(value)['concat'])
      const to = isPort ? translated(self, undefined, first) : translated(self, first, second ?? facts['port'])
      return { kind: 'translate', to }
    })
  }
  return [{ conditions: [], action: { kind: 'translate', to: translated(self, facts['addr'], facts['port']) } }]
}

function translated(self: 'self' | undefined, addr: Json | undefined, port: Json | undefined): TranslatedTo {
  const address = typeof addr === 'string' ? addr : textOf(listOf(objectOf(addr)['range'])[0])
  const ranges = port === undefined ? undefined : portRanges([port])
  return { address: self ?? (address === '' ? undefined : address), ports: ranges?.[0] }
}

/** One case for each element of a map; one whose key cannot be told holds perhaps. */
function mapCases(
  key: Json | undefined,
  data: Json | undefined,
  findSet: FindSet,
  actionOf: (value: Json) => Action | undefined,
): ActionCase[] {
  const elements = typeof data === 'string' ? findSet(data.replace(/^@/, '')) : listOf(objectOf(data)['set'])
  const text = expressionText({ map: { ...(key !== undefined && { key }), ...(data !== undefined && { data }) } })
  if (elements === undefined || elements.length > MOST_ELEMENTS)
    return [{ conditions: [{ on: 'other', text }], action: { kind: 'other', text } }]
  const cases = elements.map(element => {
    const [value = null, result = null] = listOf(element)
    const wanted = elementValue(value)
    const conditions = conditionsOfKey(key, wanted) ?? [
      { on: 'other' as const, text: `${expressionText(key)} ${expressionText(wanted)}` },
    ]
    const action = actionOf(result) ?? { kind: 'other' as const, text: expressionText(result) }
    return { conditions, action, isRest: wanted === '*' }
  })
  // What no other element takes.
  return cases
    .toSorted((a, b) => Number(a.isRest) - Number(b.isRest))
    .map(({ conditions, action }) => ({ conditions, action }))
}
