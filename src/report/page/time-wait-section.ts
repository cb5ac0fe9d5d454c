import uPlot from 'uplot'
import type { TimeWaitView } from '../model.ts'
import { colour, h, onScheme, section, type Child } from './dom.ts'
import { count, isTime, local, percent, plural, seconds, utc } from './format.ts'
import { dataTable, meter, type DataColumn } from './tables.ts'

const HEIGHT = 200

/** TIME_WAIT of each machine: the answer, when they came, and which destinations hold the ports. */
export function timeWaitSection(views: readonly TimeWaitView[], named: boolean): HTMLElement {
  return section(
    'time-wait',
    'TIME_WAIT',
    undefined,
    ...views.map(view =>
      h('div', { class: 'machine' }, named && h('h3', {}, view.host), verdict(view), chart(view), tuples(view)),
    ),
  )
}

function verdict({ severity, sentence, timeWait }: TimeWaitView): HTMLElement {
  return h('p', { class: `verdict ${severity}` }, h('b', {}, `${count(timeWait)} in TIME_WAIT`), ` — ${sentence}`)
}

/** Arrivals in each second, as the timers of the rows tell. */
function chart({ perSecond, takenAt }: TimeWaitView): HTMLElement | undefined {
  if (!perSecond.some(arrivals => arrivals > 0)) return undefined
  // A recording that does not tell its time: seconds before it was made.
  const isDated = isTime(takenAt)
  const end = isDated ? Math.floor(Date.parse(takenAt!) / 1000) : 0
  const times = perSecond.map((_, at) => end - perSecond.length + at)
  const when = (at: number) => {
    if (!isDated) return `${plural(-times[at]!, 'second')} before the look`
    const iso = new Date(times[at]! * 1000).toISOString()
    return `${utc(iso)} (here ${local(iso)})`
  }
  const most = Math.max(...perSecond)
  const summary =
    `Connections that entered TIME_WAIT in each second: ${count(perSecond.reduce((sum, some) => sum + some, 0))}, ` +
    `at most ${count(most)} in one, ${when(perSecond.indexOf(most))}.`
  const place = h('div', { class: 'chart', role: 'img', 'aria-label': summary })
  const readout = h('p', { class: 'readout' }, summary)
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
            fill: colour('--bar'),
            width: 0,
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
          // Connections are whole.
          {
            ...axis,
            size: 48,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
            label: 'per second',
            labelSize: 18,
            labelFont: axis.font,
          },
        ],
        hooks: {
          setCursor: [
            ({ cursor: { idx } }) => {
              if (idx === undefined || idx === null) return void (readout.textContent = summary)
              readout.textContent = `${count(perSecond[idx]!)} arrived ${when(idx)}`
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

interface Column extends DataColumn {
  of: (tuple: TimeWaitView['tuples'][number]) => Child
}

const COLUMNS: readonly Column[] = [
  {
    title: 'Destination',
    of: ({ from, to }) =>
      h('span', {}, h('b', { class: 'whole' }, to), ' ', h('span', { class: 'muted whole' }, `from ${from}`)),
  },
  { title: 'TIME_WAIT', kind: 'number', of: ({ timeWait }) => count(timeWait) },
  { title: 'Local ports', of: ports },
  {
    title: 'Forecast',
    of({ exhaustedInS }) {
      if (exhaustedInS === undefined) return undefined
      return h('b', {}, exhaustedInS === 0 ? 'none left' : `none left in ${seconds(exhaustedInS)}`)
    },
  },
  { title: 'Program', of: ({ who }) => who },
]

function ports({ used, blocked, capacity, share }: TimeWaitView['tuples'][number]): Child {
  if (capacity === undefined || share === undefined) return count(used)
  const reused = used > blocked && h('div', { class: 'muted' }, `${count(used - blocked)} more can be reused`)
  const text = `${count(blocked)} of ${count(capacity)}, ${percent(share)}`
  return h('div', {}, meter(share, share > 0.8 ? 'high' : ''), text, reused)
}

/** Columns that tell nothing of any destination are left out. */
function tuples({ tuples, host }: TimeWaitView): HTMLElement | undefined {
  if (tuples.length === 0) return undefined
  const columns = COLUMNS.filter(({ of }) => tuples.some(tuple => Boolean(of(tuple))))
  return dataTable(
    `Destinations of connections in TIME_WAIT${host === undefined ? '' : ` on ${host}`}`,
    columns,
    tuples.map(tuple => columns.map(({ of }) => of(tuple))),
  )
}
