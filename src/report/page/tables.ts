import type { PeerView, TableView } from '../model.ts'
import { h, section } from './dom.ts'
import { count } from './format.ts'

const MOST_STATES = 4

/** A table as it is. */
export function table({ title, columns, rows, more }: TableView): HTMLElement {
  const kind = (at: number) => (columns[at]!.isNumber ? 'number' : '')
  return h(
    'figure',
    {},
    h('figcaption', {}, title),
    h(
      'div',
      { class: 'wide tall' },
      h(
        'table',
        { class: 'data' },
        h(
          'thead',
          {},
          h('tr', {}, ...columns.map((column, at) => h('th', { scope: 'col', class: kind(at) }, column.title))),
        ),
        h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map((cell, at) => h('td', { class: kind(at) }, cell))))),
      ),
    ),
    more > 0 && h('p', { class: 'readout' }, `${count(more)} more are in the recording.`),
  )
}

/** Whom the machine talks to; an address leads to its sockets. */
export function peersSection(peers: readonly PeerView[], onAddress: (address: string) => void): HTMLElement {
  const most = Math.max(1, ...peers.map(({ connections }) => connections))
  const rows = peers.map(({ address, connections, states, services, programs, here }) => {
    const link = h('button', { type: 'button', class: 'link', title: 'Show its sockets' }, address)
    link.addEventListener('click', () => onAddress(address))
    const bar = h('div', { class: 'meter' }, h('i'))
    ;(bar.firstChild as HTMLElement).style.width = `${(connections / most) * 100}%`
    const named = Object.entries(states)
    const shown = named.slice(0, MOST_STATES).map(([state, number]) => `${count(number)} ${state}`)
    return h(
      'tr',
      {},
      h('td', {}, link),
      h('td', { class: 'number' }, count(connections)),
      h('td', { class: 'share' }, bar),
      h('td', {}, services.join(', ')),
      h('td', {}, programs.join(', ')),
      h('td', {}, shown.join(', ') + (named.length > MOST_STATES ? ' …' : '')),
      h('td', {}, here ?? ''),
    )
  })
  const titles = ['Address', 'Connections', '', 'Service', 'Program here', 'States', 'Other end on this machine']
  return section(
    'peers',
    'Peers',
    undefined,
    h(
      'div',
      { class: 'wide tall' },
      h(
        'table',
        { class: 'data' },
        h(
          'thead',
          {},
          h('tr', {}, ...titles.map((title, at) => h('th', { scope: 'col', class: at === 1 ? 'number' : '' }, title))),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  )
}
