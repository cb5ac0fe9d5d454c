import type { FlameNode, FlameView } from '../model.ts'
import { h, s, visible } from './dom.ts'
import { layout, matched, type Box } from './flame-layout.ts'
import { amount, percent } from './format.ts'

const ROW = 22
const CHARACTER = 6.9

export interface FlameGraph {
  element: HTMLElement
  search(words: string): void
}

/** A flame graph from the top: width is weight, callees below. Click, Enter: zoom; Escape, Backspace: out. */
export function flameGraph(view: FlameView, id: string): FlameGraph {
  let focus: FlameNode[] = [view.root]
  let words = ''
  let current: FlameNode = view.root
  let boxes: Box[] = []
  const input = h('input', {
    type: 'search',
    placeholder: 'Search frames',
    'aria-label': 'Search frames',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const readout = h('p', { class: 'tally', role: 'status', 'aria-live': 'polite' })
  const reset = h('button', { type: 'button', class: 'plain' }, 'Show all')
  const svg = s('svg', { class: 'flame', role: 'tree', tabindex: 0, 'aria-label': view.title })
  const place = h('div', { class: 'flame-place' }, svg)
  const nameOf = (node: FlameNode) => view.names[node[0]]!
  const isMatch = (node: FlameNode) => words !== '' && nameOf(node).toLowerCase().includes(words)
  const describe = (node: FlameNode) =>
    `${visible(nameOf(node))} — ${amount(node[1], view.unit)}, ${percent(node[1] / view.root[1])} of all`

  function draw(): void {
    const width = Math.max(280, place.clientWidth)
    boxes = layout(view.root, focus)
    const depth = Math.max(...boxes.map(({ level }) => level)) + 1
    svg.setAttribute('viewBox', `0 0 ${width} ${depth * ROW}`)
    svg.setAttribute('width', String(width))
    svg.setAttribute('height', String(depth * ROW))
    svg.replaceChildren(...boxes.map((box, at) => frame(box, at, width)))
    if (boxes.every(({ node }) => node !== current)) current = focus.at(-1)!
    const at = boxes.findIndex(({ node }) => node === current)
    svg.setAttribute('aria-activedescendant', `${id}-${at}`)
    reset.hidden = focus.length === 1
  }

  function frame(box: Box, at: number, width: number): SVGGElement {
    const { node, level, from, isAround } = box
    const name = visible(nameOf(node))
    const pixels = box.width * width
    const letters = Math.floor((pixels - 8) / CHARACTER)
    const label = letters < 3 ? '' : name.length <= letters ? name : `${name.slice(0, letters - 1)}…`
    const kind = [
      level === 0 ? 'all' : name.endsWith('_[k]') ? 'kernel' : 'user',
      isAround && 'around',
      isMatch(node) && 'match',
      node === current && 'current',
    ]
    const group = s(
      'g',
      {
        id: `${id}-${at}`,
        role: 'treeitem',
        class: kind.filter(Boolean).join(' '),
        'aria-label': describe(node),
        'aria-level': level + 1,
        'aria-selected': node === current ? 'true' : 'false',
      },
      s('rect', {
        x: (from * width).toFixed(2),
        y: level * ROW,
        width: Math.max(0.5, pixels - 1).toFixed(2),
        height: ROW - 1,
        rx: 2,
        'data-tone': toneOf(name),
      }),
      label !== '' &&
        s('text', { 'aria-hidden': 'true', x: (from * width + 5).toFixed(2), y: level * ROW + 15 }, label),
    )
    group.addEventListener('click', () => zoom(box))
    group.addEventListener('mouseenter', () => say(describe(node)))
    return group
  }

  /** What was said last is what is pointed at; without that, what was found. */
  function say(text?: string): void {
    const share =
      words === ''
        ? undefined
        : matched(view.root, name => view.names[name]!.toLowerCase().includes(words)) / view.root[1]
    readout.textContent =
      text ??
      (share === undefined ? `${amount(view.root[1], view.unit)} in all` : `${percent(share)} is in frames that match`)
  }

  function pathOf(box: Box): FlameNode[] {
    return box.parent === undefined ? [box.node] : [...pathOf(box.parent), box.node]
  }

  function zoom(box: Box): void {
    focus = pathOf(box)
    current = box.node
    draw()
    say(describe(current))
  }

  svg.addEventListener('keydown', event => {
    const box = boxes.find(({ node }) => node === current) ?? boxes[0]!
    const row = box.parent?.children ?? [box]
    const at = row.indexOf(box)
    const next: Record<string, Box | undefined> = {
      ArrowDown: box.children.toSorted((a, b) => b.width - a.width)[0],
      ArrowUp: box.parent,
      ArrowLeft: row[at - 1],
      ArrowRight: row[at + 1],
    }
    if (event.key in next) {
      current = next[event.key]?.node ?? current
      draw()
      say(describe(current))
    } else if (event.key === 'Enter') zoom(box)
    else if (event.key === 'Escape' || event.key === 'Backspace') {
      focus = event.key === 'Escape' || focus.length === 1 ? [view.root] : focus.slice(0, -1)
      draw()
    } else return
    event.preventDefault()
  })
  svg.addEventListener('focus', () => say(describe(current)))
  svg.addEventListener('blur', () => say())
  svg.addEventListener('mouseleave', () => say())
  input.addEventListener('input', () => search(input.value))
  reset.addEventListener('click', () => {
    focus = [view.root]
    draw()
    say()
  })
  new ResizeObserver(draw).observe(place)

  function search(text: string): void {
    input.value = text
    words = text.trim().toLowerCase()
    draw()
    say()
  }

  say()
  const element = h(
    'figure',
    { id },
    h('figcaption', {}, view.title),
    h('div', { class: 'bar' }, input, reset, readout),
    place,
  )
  return { element, search }
}

/** The same name always in the same tone. */
function toneOf(name: string): number {
  let hash = 0
  for (let i = 0; i < name.length; i += 1) hash = (hash * 31 + name.charCodeAt(i)) | 0
  return Math.abs(hash) % 4
}
