import type { FoldedStack } from '../../terminal/folded.ts'
import type { FlameNode, FlameView } from '../model.ts'

/** Less than this share of all is not seen in any width. */
const LEAST_SHARE = 1e-4

interface Node {
  weight: number
  children: Map<string, Node>
}

/** A flame graph of stacks; undefined where they weigh nothing. */
export function flameView(
  stacks: Iterable<FoldedStack>,
  { title, unit }: { title: string; unit: string },
): FlameView | undefined {
  const all: Node = { weight: 0, children: new Map() }
  for (const { frames, weight } of stacks) {
    all.weight += weight
    let node = all
    for (const name of frames) {
      let child = node.children.get(name)
      if (child === undefined) node.children.set(name, (child = { weight: 0, children: new Map() }))
      child.weight += weight
      node = child
    }
  }
  if (all.weight === 0) return undefined
  const places = new Map<string, number>()
  const placeOf = (name: string) => {
    let place = places.get(name)
    if (place === undefined) places.set(name, (place = places.size))
    return place
  }
  const convert = (name: string, { weight, children }: Node): FlameNode => [
    placeOf(name),
    weight,
    [...children]
      .filter(([, child]) => child.weight >= all.weight * LEAST_SHARE)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([child, node]) => convert(child, node)),
  ]
  const root = convert('all', all)
  return { title, unit, names: [...places.keys()], root }
}
