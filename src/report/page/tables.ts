import type { PeerView, TableView } from '../model.ts'
import { cut, h, scrolled, section, type Child } from './dom.ts'
import { count } from './format.ts'

const MOST_STATES = 4
/** Of a cell. */
const MOST_CHARACTERS = 300

export interface DataColumn {
  title: string
  /** `number` stands to the right. */
  kind?: string
}

/** A table: its rows are named by their first cell. */
export function dataTable(
  caption: string,
  columns: readonly DataColumn[],
  rows: readonly (readonly Child[])[],
  height = '',
): HTMLElement {
  const head = columns.map(({ title, kind }) => h('th', { scope: 'col', class: kind }, title))
  const body = rows.map(cells =>
    h(
      'tr',
      {},
      ...cells.map((cell, at) => {
        const content = typeof cell === 'string' ? cut(cell, MOST_CHARACTERS) : cell
        const { kind } = columns[at]!
        return at === 0 ? h('th', { scope: 'row', class: kind }, content) : h('td', { class: kind }, content)
      }),
    ),
  )
  const table = h(
    'table',
    { class: 'data' },
    h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...body),
  )
  return scrolled(caption, height, table)
}

/** A table as it is. */
export function table({ title, columns, rows, more }: TableView): HTMLElement {
  const kinds = columns.map(({ title, isNumber }) => (isNumber ? { title, kind: 'number' } : { title }))
  return h(
    'figure',
    {},
    h('figcaption', {}, title),
    dataTable(title, kinds, rows, 'tall'),
    more > 0 && h('p', { class: 'readout' }, `${count(more)} more are in the recording.`),
  )
}

/** Whom the machines talk to; an address leads to its sockets. */
export function peersSection(peers: readonly PeerView[], onPeer: (peer: PeerView) => void): HTMLElement {
  const most = Math.max(1, ...peers.map(({ connections }) => connections))
  const withHost = new Set(peers.map(({ host }) => host)).size > 1
  const columns = [
    { title: 'Address' },
    { title: 'Connections' },
    ...(withHost ? [{ title: 'Of' }] : []),
    { title: 'Service' },
    { title: 'Program here' },
    { title: 'States' },
    { title: 'Other end here' },
  ]
  const rows = peers.map(peer => {
    const { address, host, connections, states, services, programs, here } = peer
    const link = h('button', { type: 'button', class: 'link', title: 'Show its sockets' }, address)
    link.addEventListener('click', () => onPeer(peer))
    const named = Object.entries(states)
    const shown = named.slice(0, MOST_STATES).map(([state, number]) => `${count(number)} ${state}`)
    return [
      link,
      h('div', { class: 'measured' }, count(connections), meter(connections / most)),
      ...(withHost ? [host] : []),
      listed(services),
      listed(programs),
      listed(named.length > MOST_STATES ? [...shown, '…'] : shown),
      here,
    ]
  })
  // What tells nothing of any peer is left out.
  const told = columns.map((_, at) => rows.some(row => Boolean(row[at])))
  const kept = <Item>(items: readonly Item[]) => items.filter((_, at) => told[at])
  return section('peers', 'Peers', undefined, dataTable('Peers', kept(columns), rows.map(kept), 'tall'))
}

/** A list that breaks between its items; a long one is cut, and whole where it is pointed at. */
function listed(items: readonly string[]): Child {
  const text = (at: number) => `${items[at]}${at < items.length - 1 ? ',' : ''}`
  const spans = items.map((item, at) => h('span', { class: 'item', title: item.length > 24 && item }, text(at)))
  return items.length > 0 && h('span', {}, ...spans.flatMap(span => [span, ' ']))
}

/** A bar for a share of 0 to 1, which is said in words beside it. */
export function meter(share: number, kind = ''): HTMLElement {
  const bar = h('i')
  bar.style.width = `${Math.min(1, share) * 100}%`
  return h('div', { class: `meter ${kind}`.trim(), 'aria-hidden': 'true' }, bar)
}
