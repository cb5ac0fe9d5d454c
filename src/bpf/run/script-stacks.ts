import type { ScriptMap, WeightedStack } from '../model.ts'
import { keyParts, parseStack, stackIn } from './output/stack.ts'
import type { BpfValue } from './output/row.ts'

/** Collects the stacks that a user's script prints, for a flame graph. */
export interface ScriptStacks {
  map(map: ScriptMap): void
  value(value: BpfValue): void
  /** Of the first map with stacks among its keys, or else of the tuples, each of which counts once. */
  stacks(): WeightedStack[]
}

export function gatherScriptStacks(program: string): ScriptStacks {
  const maps = new Map<string, WeightedStack[]>()
  const tuples = new Map<string, WeightedStack>()
  const kindsOf = (name: string) => {
    const after = program.slice(Math.max(0, program.indexOf(name)))
    return [...after.matchAll(/\b([ku])stack\b/g)].map(match => match[1]!)
  }

  /** The kinds of stacks are told by the order in which the program names them. */
  function stackOf(stacks: readonly (readonly string[])[], others: string, kinds: readonly string[], weight: number) {
    const found: { user: string[]; kernel: string[] } = { user: [], kernel: [] }
    stacks.forEach((frames, i) => {
      const names = parseStack(frames.join('\n'))
      found[kinds[i] === 'u' ? 'user' : 'kernel'].push(...names)
    })
    return { pid: 0, comm: others === '' ? 'all' : others, ...found, weight }
  }

  return {
    map(map) {
      if (map.type !== 'map') return
      const stacks = map.entries.flatMap(({ key = '', value }) => {
        const parts = keyParts(key)
        const frames = parts.filter(part => typeof part !== 'string')
        const weight = Number(value)
        if (frames.length === 0 || !(weight > 0)) return []
        return stackOf(
          frames,
          parts.filter(part => typeof part === 'string').join(','),
          kindsOf(`${map.name}[`),
          weight,
        )
      })
      // Every print of a map holds all of it.
      if (stacks.length > 0) maps.set(map.name, stacks)
    },
    value(value) {
      const parts = Array.isArray(value) ? value : [value]
      const frames = parts.flatMap(part => [stackIn(part) ?? []]).filter(stack => stack.length > 0)
      if (frames.length === 0) return
      const key = JSON.stringify(frames)
      const others = parts.filter(part => typeof part === 'string' && stackIn(part) === undefined)
      const weight = (tuples.get(key)?.weight ?? 0) + 1
      tuples.set(key, stackOf(frames, others.join(','), kindsOf('print('), weight))
    },
    stacks: () => maps.values().next().value ?? [...tuples.values()],
  }
}
