import type { AddressRange, Chain, Condition, PortRange, PublishedByRule, Rule } from '../model.ts'
import { isWholeFamily } from '../tables/address-range.ts'

/** Jumps deeper than the kernel allows are those of a damaged recording. */
const MOST_JUMPS = 16

/** Rules visited; chains that call each other many times over would go on for ever. */
const MOST_RULES = 200_000

/**
 * Every rule that changes the destination of packets to this machine, with the port that others connect to. A rule in a
 * chain of its own counts once for each way that leads to it, with the conditions of that way.
 */
export function publishedByRules(chains: readonly Chain[]): PublishedByRule[] {
  const found: PublishedByRule[] = []
  let left = MOST_RULES
  const visit = (chain: Chain, before: readonly Condition[], base: Chain, depth: number) => {
    for (const rule of chain.rules) {
      if ((left -= 1) < 0) return
      const { action } = rule
      const conditions = [...before, ...rule.conditions]
      if (action.kind === 'translate') found.push(publishedBy(rule, conditions, base))
      if ((action.kind !== 'jump' && action.kind !== 'goto') || depth >= MOST_JUMPS) continue
      const target = chains.find(
        ({ tool, family, table, name }) =>
          name === action.chain && tool === base.tool && family === base.family && table === base.table,
      )
      if (target !== undefined) visit(target, conditions, base, depth + 1)
    }
  }
  for (const chain of chains) {
    const { base } = chain
    if (base?.type === 'nat' && (base.hook === 'prerouting' || base.hook === 'output')) visit(chain, [], chain, 0)
  }
  return found.filter(({ conditions }) => !conditions.includes(NEVER))
}

const NEVER = 'never'

function publishedBy(rule: Rule, conditions: readonly Condition[], base: Chain): PublishedByRule {
  const { action } = rule
  const result: PublishedByRule = {
    tool: base.tool,
    protocol: undefined,
    family: base.family === 'ip' ? 4 : base.family === 'ip6' ? 6 : undefined,
    ports: undefined,
    addresses: undefined,
    to: action.kind === 'translate' ? action.to : { address: undefined, ports: undefined },
    conditions: [],
    rule: { where: rule.where, text: rule.text, comment: rule.comment },
    hook: base.base?.hook === 'output' ? 'output' : 'prerouting',
  }
  const unclear: string[] = []
  for (const condition of conditions) {
    const text = told(condition, result)
    if (text !== undefined) unclear.push(text)
  }
  return { ...result, conditions: unclear }
}

/** Puts what a condition says into the result; a text of what stays a condition. */
function told(condition: Condition, result: PublishedByRule): string | undefined {
  switch (condition.on) {
    case 'protocol':
      if (condition.not || condition.protocols.length !== 1) return undefined
      result.protocol ??= condition.protocols[0]
      return undefined
    case 'destination-port': {
      result.protocol ??= condition.protocol
      const ranges = condition.not ? othersThan(condition.ranges) : condition.ranges
      result.ports = result.ports === undefined ? ranges : commonRanges(result.ports, ranges)
      return result.ports.length === 0 ? NEVER : undefined
    }
    case 'family':
      if (!condition.not) result.family ??= condition.family
      return undefined
    case 'destination':
      result.family ??= condition.family
      if (condition.ranges.some(isWholeFamily)) return undefined
      if (condition.not) return isLoopbackOnly(condition.ranges) ? undefined : 'some destinations only'
      result.addresses ??= condition.ranges
      return undefined
    case 'source':
      result.family ??= condition.family
      return condition.ranges.some(isWholeFamily) ? undefined : 'some sources only'
    case 'in-interface':
      return `${condition.not ? 'not ' : ''}through ${condition.names.join(', ')}`
    case 'other':
      return condition.text
    case 'never':
      return NEVER
    default:
      return undefined
  }
}

/** `! -d 127.0.0.0/8`: all that can come from elsewhere. */
const isLoopbackOnly = (ranges: readonly AddressRange[]) =>
  ranges.every(({ family, first, last }) =>
    family === 4 ? first >= 0x7f000000n && last <= 0x7fffffffn : first === 1n && last === 1n,
  )

function othersThan(ranges: readonly PortRange[]): PortRange[] {
  const others: PortRange[] = []
  let next = 0
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (first > next) others.push([next, first - 1])
    next = Math.max(next, last + 1)
  }
  return next <= 65_535 ? [...others, [next, 65_535]] : others
}

const commonRanges = (some: readonly PortRange[], others: readonly PortRange[]): PortRange[] =>
  some.flatMap(([first, last]) =>
    others
      .map(([from, to]): PortRange => [Math.max(first, from), Math.min(last, to)])
      .filter(([from, to]) => from <= to),
  )
