import uPlot from 'uplot'
import type { TimeWaitView } from '../model.ts'
import { colour, h, onScheme, section } from './dom.ts'
import { count, local, percent, seconds, utc } from './format.ts'

const HEIGHT = 200

/** TIME_WAIT of each machine: the answer, when they came, and which destinations hold the ports. */
export function timeWaitSection(views: readonly TimeWaitView[]): HTMLElement {
  return section(
    'time-wait',
    'TIME_WAIT',
    undefined,
    ...views.flatMap(view => [verdict(view), chart(view), tuples(view)]),
  )
}

function verdict({ host, severity, sentence, timeWait }: TimeWaitView): HTMLElement {
  return h(
    'p',
    { class: `verdict ${severity}` },
    h('b', {}, `${count(timeWait)} in TIME_WAIT`),
    host === undefined ? '' : ` on ${host}`,
    ` — ${sentence}`,
  )
}

/** Arrivals in each second, as the timers of the rows tell. */
function chart({ perSecond, takenAt }: TimeWaitView): HTMLElement | undefined {
  if (!perSecond.some(arrivals => arrivals > 0)) return undefined
  // A recording that does not tell its time: seconds before it was made.
  const isDated = takenAt !== undefined
  const end = isDated ? Math.floor(Date.parse(takenAt) / 1000) : 0
  const times = perSecond.map((_, at) => end - perSecond.length + at)
  const place = h('div', { class: 'chart', role: 'img', 'aria-label': 'Arrivals in TIME_WAIT per second' })
  const readout = h(
    'p',
    { class: 'readout' },
    `Connections that entered TIME_WAIT in each second before the look${isDated ? ' (UTC)' : ''}.`,
  )
  let plot: uPlot | undefined
  const draw = () => {
    plot?.destroy()
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    }
    plot = new uPlot(
      {
        width: Math.max(260, place.clientWidth),
        height: HEIGHT,
        padding: [8, 34, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        // The clock is UTC; the line below tells the reader's, too.
        tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
        scales: { x: { range: [times[0]!, end] }, y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
        series: [
          {},
          {
            label: 'arrivals',
            stroke: colour('--accent'),
            fill: colour('--accent-soft'),
            width: 1,
            paths: uPlot.paths.bars!({ size: [0.8, 24], align: 1 }),
            points: { show: false },
          },
        ],
        axes: [
          {
            ...axis,
            size: 30,
            space: 90,
            values: (_, splits) =>
              splits.map(at => (isDated ? new Date(at * 1000).toISOString().slice(11, 19) : `${at} s`)),
          },
          { ...axis, size: 48 },
        ],
        hooks: {
          setCursor: [
            ({ cursor: { idx } }) => {
              if (idx === undefined || idx === null) return
              const iso = new Date(times[idx]! * 1000).toISOString()
              const when = isDated ? `${utc(iso)} (here ${local(iso)})` : `${-times[idx]!} s before`
              readout.textContent = `${when}: ${count(perSecond[idx]!)} arrived`
            },
          ],
        },
      },
      [times, perSecond],
      place,
    )
  }
  onScheme(draw)
  new ResizeObserver(() => plot?.setSize({ width: Math.max(260, place.clientWidth), height: HEIGHT })).observe(place)
  requestAnimationFrame(draw)
  return h('div', {}, place, readout)
}

interface Cell {
  title: string
  kind?: string
  of: (tuple: TimeWaitView['tuples'][number]) => readonly (Node | string)[]
}

const CELLS: readonly Cell[] = [
  {
    title: 'Destination',
    of: ({ from, to }) => [h('b', { class: 'whole' }, to), h('span', { class: 'muted whole' }, ` from ${from}`)],
  },
  { title: 'TIME_WAIT', kind: 'number', of: ({ timeWait }) => [count(timeWait)] },
  { title: 'Local ports', of: ports },
  {
    title: 'Forecast',
    of({ exhaustedInS }) {
      if (exhaustedInS === undefined) return []
      return [exhaustedInS === 0 ? 'none left' : `none left in ${seconds(exhaustedInS)}`]
    },
  },
  { title: 'Program', of: ({ who }) => (who === '' ? [] : [who]) },
]

function ports({ used, capacity, share }: TimeWaitView['tuples'][number]): (Node | string)[] {
  if (capacity === undefined) return [count(used)]
  const text = h('span', { class: 'muted' }, `${count(used)} of ${count(capacity)}`)
  if (share === undefined) return [text]
  const bar = h('i')
  bar.style.width = `${Math.min(100, share * 100)}%`
  text.append(`, ${percent(share)}`)
  return [h('div', { class: `meter${share > 0.8 ? ' high' : ''}` }, bar), text]
}

/** Columns that tell nothing of any destination are left out. */
function tuples({ tuples }: TimeWaitView): HTMLElement | undefined {
  if (tuples.length === 0) return undefined
  const cells = CELLS.filter(({ of }) => tuples.some(tuple => of(tuple).length > 0))
  const kindOf = ({ kind = '' }: Cell) => ({ class: kind })
  return h(
    'div',
    { class: 'wide' },
    h(
      'table',
      { class: 'data' },
      h('thead', {}, h('tr', {}, ...cells.map(cell => h('th', { scope: 'col', ...kindOf(cell) }, cell.title)))),
      h(
        'tbody',
        {},
        ...tuples.map(tuple => h('tr', {}, ...cells.map(cell => h('td', kindOf(cell), ...cell.of(tuple))))),
      ),
    ),
  )
}
