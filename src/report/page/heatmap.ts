import type { HeatmapView } from '../model.ts'
import { h, visible } from './dom.ts'
import { count, short } from './format.ts'

/** More columns than that leave no room for numbers. */
const MOST_WITH_NUMBERS = 26
/** Steps of the legend. */
const SHADES = [0, 0.25, 0.5, 0.75, 1]

/**
 * Counts as a table whose cells are as strong as they are large, on a logarithmic scale: few slow ones show beside many
 * fast. What is pointed at, tapped, or reached with the arrows is said below.
 */
export function heatmap(view: HeatmapView, onFrame: ((name: string) => void) | undefined): HTMLElement {
  const { title, unit, rowTitle, columnTitle } = view
  const most = Math.max(1, ...view.cells.map(cells => Math.max(0, ...cells)))
  const withNumbers = view.columns.length <= MOST_WITH_NUMBERS
  const every = Math.max(1, Math.ceil(view.columns.length / (withNumbers ? 13 : 8)))
  const legend = h(
    'p',
    { class: 'readout' },
    '1 ',
    h('span', { class: 'shades', 'aria-hidden': 'true' }, ...SHADES.map(depth => shaded(h('i'), depth))),
    ` ${count(most)} ${unit} in a cell`,
  )
  const said = h('p', { class: 'readout', role: 'status' }, 'Point at a cell, tap it, or walk with the arrow keys.')
  const textOf = (row: number, column: number) =>
    `${count(view.cells[row]![column]!)} ${unit}: ${rowTitle} ${view.rows[row]}, ${columnTitle} ${view.columns[column]}`
  const say = (row: number, column: number) => (said.textContent = visible(textOf(row, column)))

  const cells = view.cells.map((counts, row) =>
    counts.map((value, column) => {
      const cell = h('td', {}, value === 0 ? '' : h('span', {}, short(value)))
      if (value > 0) shaded(cell, most === 1 ? 1 : Math.log(value) / Math.log(most))
      for (const event of ['mouseenter', 'click']) cell.addEventListener(event, () => say(row, column))
      return cell
    }),
  )
  const rows = cells.map((cells, at) => h('tr', {}, h('th', { scope: 'row' }, labelOf(view.rows[at]!)), ...cells))
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col', class: 'corner' }, columnTitle),
    ...view.columns.map((title, at) =>
      h('th', { scope: 'col' }, h('span', { class: at % every === 0 ? '' : 'unseen' }, title)),
    ),
  )
  const table = h(
    'table',
    { class: 'heat' },
    h('caption', { class: 'unseen' }, title),
    h('thead', {}, head),
    h('tbody', {}, ...rows),
  )
  const place = h('div', { class: 'wide', role: 'group', 'aria-label': title, tabindex: 0 }, table)
  walk(place, cells, say)
  return h('figure', { class: withNumbers ? 'numbered' : 'dense' }, h('figcaption', {}, title), place, legend, said)

  function labelOf(name: string): HTMLElement {
    if (onFrame === undefined) return h('span', { class: 'name' }, name)
    const button = h('button', { type: 'button', class: 'link name', title: 'Find it in the flame graph' }, name)
    button.addEventListener('click', () => onFrame(name))
    return button
  }
}

/** As strong as `depth` of 0 to 1 says; the weakest is told from none. The style sheet keeps text on it readable. */
function shaded<Kind extends HTMLElement>(element: Kind, depth: number): Kind {
  element.style.setProperty('--depth', (0.25 + 0.75 * depth).toFixed(3))
  element.classList.add('shaded')
  return element
}

/** Arrows lead from cell to cell. */
function walk(
  place: HTMLElement,
  cells: readonly (readonly HTMLElement[])[],
  say: (row: number, column: number) => void,
): void {
  let at: { row: number; column: number } | undefined
  place.addEventListener('keydown', event => {
    const [down, right] = STEPS[event.key] ?? []
    if (down === undefined || right === undefined || event.target !== place) return
    event.preventDefault()
    if (at !== undefined) cells[at.row]?.[at.column]?.classList.remove('at')
    const row = at === undefined ? 0 : Math.max(0, Math.min(cells.length - 1, at.row + down))
    const column = at === undefined ? 0 : Math.max(0, Math.min(cells[row]!.length - 1, at.column + right))
    at = { row, column }
    cells[row]?.[column]?.classList.add('at')
    cells[row]?.[column]?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    say(row, column)
  })
}

const STEPS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
}
