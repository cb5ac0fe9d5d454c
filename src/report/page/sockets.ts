import type { SocketTable } from '../model.ts'
import { h, section } from './dom.ts'
import { count, plural } from './format.ts'
import { COLUMNS, isNumber, SocketRows, type Column } from './socket-rows.ts'

const TITLES: Readonly<Record<Column, string>> = {
  protocol: 'Proto',
  state: 'State',
  local: 'Local address',
  remote: 'Remote address',
  recvQ: 'Recv-Q',
  sendQ: 'Send-Q',
  program: 'Program',
  pid: 'PID',
  service: 'Unit or container',
  host: 'Host',
}

const ROW_HEIGHT = 28
/** Rows beyond those that are seen. */
const MARGIN = 6
/** Rows that go onto paper. */
const PRINTED = 300

export interface SocketsSection {
  element: HTMLElement
  /** Shows the rows that hold these words. */
  search(words: string): void
}

/** The table of sockets: only the rows that are seen are elements. */
export function socketsSection(table: SocketTable): SocketsSection {
  const rows = new SocketRows(table)
  const columns = COLUMNS.filter(column => column !== 'host' || new Set(table.host).size > 1)
  let query = ''
  let order: { column: Column; descending: boolean } | undefined
  let shown = rows.find('')
  let active = -1
  let isPaper = false

  const input = h('input', {
    type: 'search',
    id: 'socket-search',
    placeholder: 'Search: nginx close_wait :443',
    'aria-label': 'Search sockets',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const tally = h('p', { class: 'tally', role: 'status', 'aria-live': 'polite' })
  const body = h('div', { class: 'rows', role: 'rowgroup' })
  const nothing = h('p', { class: 'none', hidden: true }, 'No socket has all of these words.')
  const headers = columns.map(column =>
    h('button', { type: 'button', class: isNumber(column) ? 'number' : '' }, TITLES[column]),
  )
  const head = h(
    'div',
    { class: 'row head', role: 'row' },
    ...headers.map(button => h('div', { role: 'columnheader', 'aria-sort': 'none' }, button)),
  )
  const viewport = h(
    'div',
    { class: 'viewport', role: 'grid', tabindex: 0, 'aria-label': 'Sockets', 'aria-rowcount': rows.count + 1 },
    h('div', { class: `grid${columns.length === COLUMNS.length ? ' with-host' : ''}` }, head, body),
    nothing,
  )
  // As high as all rows, where these are few.
  viewport.style.setProperty('--rows', String(rows.count + 1))

  function draw(): void {
    // On paper the viewport is as long as its rows, which would be all.
    const first = isPaper ? 0 : Math.max(0, Math.floor(viewport.scrollTop / ROW_HEIGHT) - MARGIN)
    const most = isPaper ? PRINTED : Math.ceil(viewport.clientHeight / ROW_HEIGHT) + 2 * MARGIN
    const last = Math.min(shown.length, first + most)
    const elements: HTMLElement[] = []
    for (let place = first; place < last; place += 1) elements.push(rowElement(place))
    body.style.height = `${shown.length * ROW_HEIGHT}px`
    body.replaceChildren(...elements)
    nothing.hidden = shown.length > 0
    viewport.setAttribute('aria-activedescendant', active >= first && active < last ? `socket-${active}` : '')
  }

  function rowElement(place: number): HTMLElement {
    const row = shown[place]!
    const element = h('div', {
      class: `row${place === active ? ' active' : ''}`,
      role: 'row',
      id: `socket-${place}`,
      'aria-rowindex': place + 2,
      'aria-selected': place === active ? 'true' : 'false',
    })
    element.style.top = `${place * ROW_HEIGHT}px`
    for (const column of columns) {
      const text = rows.cell(column, row)
      const kind = isNumber(column)
        ? text === '0'
          ? 'number zero'
          : 'number'
        : column === 'state'
          ? `state ${text}`
          : ''
      element.append(h('div', { role: 'gridcell', class: kind, title: text.length > 18 ? text : undefined }, text))
    }
    return element
  }

  function update(): void {
    const found = rows.find(query)
    shown = order === undefined ? found : rows.sorted(found, order.column, order.descending)
    active = Math.min(active, shown.length - 1)
    const all = plural(rows.count, 'socket')
    tally.textContent = shown.length === rows.count ? all : `${count(shown.length)} of ${all}`
    viewport.setAttribute('aria-rowcount', String(shown.length + 1))
    viewport.scrollTop = 0
    draw()
  }

  function sortBy(column: Column): void {
    // Numbers are looked at for the largest.
    const first = isNumber(column)
    order = order?.column === column ? { column, descending: !order.descending } : { column, descending: first }
    for (const [at, name] of columns.entries())
      headers[at]!.parentElement!.setAttribute(
        'aria-sort',
        name === column ? (order.descending ? 'descending' : 'ascending') : 'none',
      )
    update()
  }

  function move(to: number): void {
    active = Math.max(0, Math.min(shown.length - 1, to))
    const top = active * ROW_HEIGHT
    const room = viewport.clientHeight - 2 * ROW_HEIGHT
    if (top < viewport.scrollTop) viewport.scrollTop = top
    else if (top > viewport.scrollTop + room) viewport.scrollTop = top - room
    draw()
  }

  input.addEventListener('input', () => {
    query = input.value
    update()
  })
  input.addEventListener('keydown', event => {
    if (event.key === 'Escape') search('')
    else if (event.key === 'ArrowDown') viewport.focus()
    else return
    event.preventDefault()
  })
  viewport.addEventListener('scroll', draw, { passive: true })
  viewport.addEventListener('keydown', event => {
    const page = Math.max(1, Math.floor(viewport.clientHeight / ROW_HEIGHT) - 2)
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: shown.length - 1,
    }
    if (event.target !== viewport || event.ctrlKey || event.metaKey || event.altKey) return
    const step = steps[event.key]
    const column = columns[Number(event.key) - 1]
    if (step !== undefined) move(step)
    else if (/^[1-9]$/.test(event.key) && column !== undefined) sortBy(column)
    else return
    event.preventDefault()
  })
  for (const [at, button] of headers.entries()) button.addEventListener('click', () => sortBy(columns[at]!))
  document.addEventListener('keydown', event => {
    const isTyping = event.target instanceof HTMLInputElement
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    input.focus()
  })
  new ResizeObserver(draw).observe(viewport)
  const onPaper = (is: boolean) => {
    isPaper = is
    draw()
  }
  // The event comes before a browser counts the pages, the change of media after that.
  addEventListener('beforeprint', () => onPaper(true))
  addEventListener('afterprint', () => onPaper(false))
  matchMedia('print').addEventListener('change', ({ matches }) => onPaper(matches))

  function search(words: string): void {
    input.value = words
    query = words
    update()
  }

  const element = section(
    'sockets',
    'Sockets',
    undefined,
    h('div', { class: 'bar' }, input, tally),
    viewport,
    h(
      'p',
      { class: 'keys' },
      h('kbd', {}, '/'),
      ' search  ',
      h('kbd', {}, '1'),
      '–',
      h('kbd', {}, String(Math.min(9, columns.length))),
      ' sort by that column  ',
      h('kbd', {}, '↑'),
      h('kbd', {}, '↓'),
      ' rows',
    ),
    rows.count > PRINTED && h('p', { class: 'on-paper' }, `The first ${PRINTED} rows are printed.`),
  )
  update()
  return { element, search }
}
