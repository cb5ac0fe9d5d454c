import type { WeightedStack } from '../../model.ts'
import { escapeText } from '../../../terminal/escape.ts'
import { flameFrames } from './flame-frames.ts'

const WIDTH = 1200
const ROW = 17
const MARGIN = 10
const TITLE_HEIGHT = 30
const CHARACTER = 6.7
/** Narrower than this nothing is seen. */
const LEAST_WIDTH = 0.3

interface Node {
  name: string
  weight: number
  children: Map<string, Node>
}

/** A flame graph as an SVG that needs nothing else: widths are weight, callers below, details as tooltips. */
export function* flameSvg(
  stacks: readonly WeightedStack[],
  { title, unit }: { title: string; unit: string },
): Generator<string> {
  const root = treeOf(stacks)
  const depth = depthOf(root)
  const height = TITLE_HEIGHT + (depth + 1) * ROW + MARGIN
  yield `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="11">
<rect width="100%" height="100%" fill="#fdfaf3"/>
<text x="${WIDTH / 2}" y="20" text-anchor="middle" font-size="14">${xml(escapeText(title))}</text>
`
  const scale = (WIDTH - 2 * MARGIN) / Math.max(1, root.weight)
  yield* nodeSvg(root, MARGIN, 0)
  yield '</svg>\n'

  function* nodeSvg(node: Node, x: number, level: number): Generator<string> {
    const width = node.weight * scale
    if (width < LEAST_WIDTH) return
    const y = height - MARGIN - (level + 1) * ROW
    const share = ((node.weight / Math.max(1, root.weight)) * 100).toFixed(2)
    const letters = Math.floor((width - 4) / CHARACTER)
    const label = letters < 3 ? '' : node.name.length <= letters ? node.name : `${node.name.slice(0, letters - 2)}..`
    yield `<g><title>${xml(`${node.name} (${node.weight} ${unit}, ${share} %)`)}</title><rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 1}" rx="1" fill="${colorOf(node.name)}"/>`
    yield label === '' ? '</g>\n' : `<text x="${(x + 2).toFixed(1)}" y="${y + 12}">${xml(label)}</text></g>\n`
    let at = x
    for (const child of [...node.children.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      yield* nodeSvg(child, at, level + 1)
      at += child.weight * scale
    }
  }
}

function treeOf(stacks: readonly WeightedStack[]): Node {
  const root: Node = { name: 'all', weight: 0, children: new Map() }
  for (const stack of stacks) {
    root.weight += stack.weight
    let node = root
    for (const name of flameFrames(stack)) {
      let child = node.children.get(name)
      if (child === undefined) node.children.set(name, (child = { name, weight: 0, children: new Map() }))
      child.weight += stack.weight
      node = child
    }
  }
  return root
}

function depthOf(node: Node): number {
  return Math.max(0, ...[...node.children.values()].map(child => 1 + depthOf(child)))
}

/** The same name always in the same colour; the kernel in cooler ones. */
function colorOf(name: string): string {
  let hash = 0
  for (let i = 0; i < name.length; i += 1) hash = (hash * 31 + name.charCodeAt(i)) | 0
  const hue = (name.endsWith('_[k]') ? 190 : 15) + (Math.abs(hash) % 40)
  return `hsl(${hue},75%,${65 + (Math.abs(hash >> 8) % 15)}%)`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function xml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character]!)
}
