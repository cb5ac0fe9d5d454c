import type { Chain, Rule, TranslatedTo } from '../model.ts'
import { truthOf, type Packet, type Truth } from './condition-truth.ts'

/** How a packet may leave a base chain. */
export interface Ending {
  verdict: 'accept' | 'drop' | 'reject' | 'other' | 'translate'
  to?: TranslatedTo | undefined
  /** The rule that decides; undefined where it is the policy of the chain. */
  rule: Rule | undefined
  /** The first rule on the way whose conditions hold only perhaps; the ending is certain where there is none. */
  perhaps: Rule | undefined
  chain: Chain
}

/** Jumps deeper than the kernel allows are those of a damaged recording. Source: Linux include/net/netfilter/nf_tables.h. */
const MOST_JUMPS = 16

/** Rules looked at for one packet: chains that call each other many times over would go on for ever. */
const MOST_RULES = 200_000

interface Walk {
  packet: Packet
  find: (name: string) => Chain | undefined
  base: Chain
  endings: Ending[]
  left: number
}

/** Every way in which a packet may leave a base chain; exactly one where nothing hangs on what is not known. */
export function endingsOf(base: Chain, chains: readonly Chain[], packet: Packet): Ending[] {
  const siblings = chains.filter(
    ({ tool, family, table }) => tool === base.tool && family === base.family && table === base.table,
  )
  const byName = new Map(siblings.map(chain => [chain.name, chain]))
  const walk: Walk = { packet, find: name => byName.get(name), base, endings: [], left: MOST_RULES }
  const end = through(walk, base, undefined, 0)
  if (end.falls) {
    walk.endings.push({ verdict: base.base?.policy ?? 'accept', rule: undefined, perhaps: end.perhaps, chain: base })
  }
  return walk.endings
}

/** Whether packets come out at the end of a chain, and under which doubt. */
interface ChainEnd {
  falls: boolean
  perhaps: Rule | undefined
}

function through(walk: Walk, chain: Chain, doubt: Rule | undefined, depth: number): ChainEnd {
  let perhaps = doubt
  /** Packets that left this chain by return or goto, and go on behind it. */
  let left: ChainEnd | undefined
  const leave = (end: ChainEnd) => {
    if (end.falls) left ??= end
  }
  for (const rule of chain.rules) {
    walk.left -= 1
    if (walk.left < 0) {
      walk.endings.push({ verdict: 'other', rule, perhaps: perhaps ?? rule, chain })
      return { falls: false, perhaps }
    }
    const truth = truthOfAll(rule, walk.packet)
    if (truth === 'no' || rule.action.kind === 'next') continue
    const under = perhaps ?? (truth === 'perhaps' ? rule : undefined)
    const goesOn = take(walk, { rule, chain, under, depth, leave })
    if (truth === 'yes' && !goesOn.falls) return left ?? { falls: false, perhaps }
    // What comes behind a rule that holds perhaps is reached perhaps.
    if (truth === 'perhaps') perhaps ??= rule
    else perhaps ??= goesOn.perhaps
  }
  return { falls: true, perhaps: left === undefined ? perhaps : (perhaps ?? left.perhaps) }
}

interface Taken {
  rule: Rule
  chain: Chain
  under: Rule | undefined
  depth: number
  leave: (end: ChainEnd) => void
}

/** What the action of a rule does to the packets it takes; whether they go on to the next rule. */
function take(walk: Walk, { rule, chain, under, depth, leave }: Taken): ChainEnd {
  const { action } = rule
  const end = (verdict: Ending['verdict'], to?: TranslatedTo) =>
    walk.endings.push({ verdict, rule, perhaps: under, chain, ...(to && { to }) })
  const gone: ChainEnd = { falls: false, perhaps: under }
  switch (action.kind) {
    case 'accept':
    case 'drop':
    case 'reject':
      end(action.kind)
      return gone
    case 'translate':
      end('translate', action.to)
      return gone
    case 'return':
      leave({ falls: true, perhaps: under })
      return gone
    case 'jump':
    case 'goto': {
      const target = walk.find(action.chain)
      if (target === undefined || depth >= MOST_JUMPS) {
        end('other')
        return { falls: true, perhaps: under ?? rule }
      }
      const inside = through(walk, target, under, depth + 1)
      if (action.kind === 'jump') return inside
      leave(inside)
      return gone
    }
    default:
      // A queue may let it pass or not.
      end('other')
      return { falls: true, perhaps: under ?? rule }
  }
}

function truthOfAll({ conditions }: Rule, packet: Packet): Truth {
  let truth: Truth = 'yes'
  for (const condition of conditions) {
    const one = truthOf(condition, packet)
    if (one === 'no') return 'no'
    if (one === 'perhaps') truth = 'perhaps'
  }
  return truth
}
