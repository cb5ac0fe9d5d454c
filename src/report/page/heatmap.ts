import type { HeatmapView } from '../model.ts'
import { h } from './dom.ts'
import { count, short } from './format.ts'

/** More columns than that leave no room for numbers. */
const MOST_WITH_NUMBERS = 26

/** Counts as a table whose cells are as dark as they are large, on a logarithmic scale: few slow ones show beside many fast. */
export function heatmap(view: HeatmapView, onFrame: ((name: string) => void) | undefined): HTMLElement {
  const most = Math.max(1, ...view.cells.flat())
  const withNumbers = view.columns.length <= MOST_WITH_NUMBERS
  const every = Math.max(1, Math.ceil(view.columns.length / (withNumbers ? 13 : 8)))
  const readout = h(
    'p',
    { class: 'readout' },
    `The stronger the colour, the more ${view.unit}: up to ${count(most)} in a cell.`,
  )
  const rows = view.cells.map((cells, at) => {
    const name = view.rows[at]!
    const label =
      onFrame === undefined
        ? h('span', {}, name)
        : h('button', { type: 'button', class: 'link', title: 'Find it in the flame graph' }, name)
    if (onFrame !== undefined) label.addEventListener('click', () => onFrame(name))
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, label),
      ...cells.map((value, column) => {
        const text = `${count(value)} ${view.unit}, ${view.rowTitle} ${name}, ${view.columnTitle} ${view.columns[column]}`
        const cell = h('td', { title: value === 0 ? undefined : text }, value === 0 ? '' : h('span', {}, short(value)))
        if (value === 0) return cell
        const depth = 0.12 + 0.88 * (Math.log(value + 1) / Math.log(most + 1))
        cell.style.background = `rgb(var(--heat) / ${depth.toFixed(3)})`
        if (depth > 0.6) cell.className = 'deep'
        cell.addEventListener('mouseenter', () => (readout.textContent = text))
        return cell
      }),
    )
  })
  const head = h(
    'tr',
    {},
    h('th', { scope: 'col', class: 'corner' }, view.columnTitle),
    ...view.columns.map((title, at) =>
      h('th', { scope: 'col' }, at % every === 0 ? h('span', {}, title) : h('span', { class: 'unseen' }, title)),
    ),
  )
  return h(
    'figure',
    {},
    h('figcaption', {}, view.title),
    h(
      'div',
      { class: 'wide' },
      h('table', { class: `heat${withNumbers ? '' : ' dense'}` }, h('thead', {}, head), h('tbody', {}, ...rows)),
    ),
    readout,
  )
}
