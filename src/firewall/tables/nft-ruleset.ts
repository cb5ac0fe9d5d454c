import type { Chain, Condition, Rule, TableFamily } from '../model.ts'
import { actionsOf, targetAction, type ActionCase } from './nft-actions.ts'
import { conditionsOfMatch } from './nft-conditions.ts'
import { ruleText } from './nft-text.ts'
import { listOf, objectOf, textOf, wordOf, type FindSet, type Json, type JsonObject } from './nft-values.ts'

/** What `nft -j list ruleset` tells. */
export interface NftRuleset {
  chains: Chain[]
  /** Tables in which iptables keeps conditions or targets that nft does not print: `ip filter`. */
  hidden: ReadonlySet<string>
}

/** Alternatives of one rule beyond this are not told apart. */
const MOST_CASES = 4096

/**
 * `nft -j list ruleset`: `{"nftables": [{"table": …}, {"chain": …}, {"rule": …}, {"set": …}, {"map": …}]}` as byte string.
 * Source: libnftables-json(5). Undefined where the text is not such a list; entries of another form are passed over.
 */
export function parseNftRuleset(text: string): NftRuleset | undefined {
  const entries = entriesOf(text)
  if (entries === undefined) return undefined
  const sets = new Map<string, readonly Json[]>()
  for (const entry of entries)
    for (const kind of ['set', 'map'] as const) {
      const set = objectOf(entry[kind])
      if (entry[kind] !== undefined) sets.set(keyOf(set, 'name'), listOf(set['elem']))
    }
  const chains = new Map<string, Chain>()
  for (const entry of entries) {
    const chain = entry['chain'] === undefined ? undefined : chainOf(objectOf(entry['chain']))
    if (chain !== undefined) chains.set(keyOf(objectOf(entry['chain']), 'name'), chain)
  }
  const hidden = new Set<string>()
  for (const { rule } of entries) {
    const facts = objectOf(rule)
    const chain = chains.get(keyOf(facts, 'chain'))
    if (chain === undefined) continue
    const statements = listOf(facts['expr'])
    if (statements.some(hidesSomething)) hidden.add(`${chain.family} ${chain.table}`)
    chain.rules.push(...rulesOf(facts, chain, name => sets.get(`${chain.family} ${chain.table} ${name}`)))
  }
  return { chains: [...chains.values()], hidden }
}

function entriesOf(text: string): JsonObject[] | undefined {
  try {
    const { nftables } = objectOf(JSON.parse(text) as Json)
    return Array.isArray(nftables) ? (nftables as Json[]).map(objectOf) : undefined
  } catch {
    return undefined
  }
}

const keyOf = (facts: JsonObject, name: 'name' | 'chain') =>
  `${textOf(facts['family'])} ${textOf(facts['table'])} ${textOf(facts[name])}`

const FAMILIES: readonly TableFamily[] = ['ip', 'ip6', 'inet', 'netdev']

function chainOf(facts: JsonObject): Chain | undefined {
  const family = FAMILIES.find(name => name === facts['family'])
  if (family === undefined) return undefined
  const { type, hook, prio, policy, dev } = facts
  const devices = Array.isArray(dev) ? listOf(dev).map(textOf) : typeof dev === 'string' ? [dev] : undefined
  return {
    tool: 'nft',
    family,
    table: textOf(facts['table']),
    name: textOf(facts['name']),
    base:
      typeof hook === 'string'
        ? {
            type: textOf(type),
            hook,
            priority: typeof prio === 'number' ? prio : 0,
            policy: policy === 'drop' ? 'drop' : 'accept',
            devices,
          }
        : undefined,
    rules: [],
  }
}

/** Harmless without its arguments. */
const hidesSomething = (statement: Json) => {
  const { xt } = objectOf(statement)
  return xt !== undefined && objectOf(xt)['name'] !== 'comment'
}

function rulesOf(facts: JsonObject, chain: Chain, findSet: FindSet): Rule[] {
  const statements = listOf(facts['expr'])
  const comment = typeof facts['comment'] === 'string' ? facts['comment'] : undefined
  const rest = {
    where: `${chain.family} ${chain.table} ${chain.name} handle ${wordOf(facts['handle'] ?? '?')}`,
    text: ruleText(statements, comment),
    comment,
  }
  return casesOf(statements, findSet).map(({ conditions, action }) => ({ ...rest, conditions, action }))
}

/** The rule as alternatives, tried one after the other. */
function casesOf(statements: readonly Json[], findSet: FindSet): ActionCase[] {
  let before: (readonly Condition[])[] = [[]]
  for (const statement of statements) {
    const [kind = '', value] = Object.entries(objectOf(statement))[0] ?? []
    const actions = kind === 'xt' ? xtActions(value) : actionsOf(kind, value, findSet)
    if (actions === undefined) {
      const more = conditionsOfStatement(kind, value, findSet)
      before =
        before.length * more.length > MOST_CASES
          ? before.map(conditions => [...conditions, { on: 'other', text: ruleText([statement], undefined) }])
          : before.flatMap(conditions => more.map(condition => [...conditions, ...condition]))
    } else if (actions.length !== 1 || actions[0]!.action.kind !== 'next') {
      // What stands behind a verdict is never reached.
      return before.flatMap(conditions =>
        actions.map(each => ({ conditions: [...conditions, ...each.conditions], action: each.action })),
      )
    }
  }
  return before.map(conditions => ({ conditions, action: { kind: 'next' } }))
}

function conditionsOfStatement(kind: string, value: Json | undefined, findSet: FindSet): Condition[][] {
  if (kind === 'match') return conditionsOfMatch(value, findSet)
  // Adding to a set decides nothing, unless a limit stands beside it.
  if (kind === 'set' && objectOf(value)['stmt'] === undefined) return [[]]
  if (kind === 'xt' && objectOf(value)['name'] === 'comment') return [[]]
  return [[{ on: 'other', text: ruleText([{ [kind]: value }], undefined) }]]
}

/** A target of iptables, by its name: what it was told lies in a form of its own. Undefined for a match. */
function xtActions(value: Json | undefined): ActionCase[] | undefined {
  const { type, name } = objectOf(value)
  if (type === 'match' || type === 'watcher') return undefined
  const action = targetAction(textOf(name)) ?? { kind: 'other', text: `xt ${textOf(name)}` }
  return [{ conditions: [], action }]
}
