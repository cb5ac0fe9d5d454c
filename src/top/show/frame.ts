import { escapeText } from '../../terminal/escape.ts'
import { shorten } from '../../terminal/shorten.ts'
import { placed, type ShownPage } from '../keys/reduce.ts'
import { AT_TOP, shownView, type Place, type ScreenState } from '../keys/screen-state.ts'
import { GROUPINGS, type Diagnosis, type History, type Sample } from '../model.ts'
import type { Restriction } from '../rules/connection-rows.ts'
import { keysBar, messageBar, typingBar, viewBar } from './bars.ts'
import { connectionLines, type ConnectionFacts } from './connection-page.ts'
import { findingLines } from './finding-page.ts'
import { headerLines } from './header.ts'
import { helpLines } from './help-page.ts'
import type { Paint } from './paint.ts'
import { columnsOf, DOWN, headingLine, laidOut, longestTexts, orderedRows, rowLine, UP } from './table-page.ts'
import { VIEW_OF } from './views/all.ts'
import type { View, ViewContext } from './view.ts'

/** All that a screen is made of. */
export interface FrameFacts {
  state: ScreenState
  sample: Sample
  history: History
  diagnosis: Diagnosis | undefined
  diagnosing: boolean
  /** Of the connection that is shown in full; undefined where it has gone. */
  connection: ConnectionFacts | undefined
  width: number
  height: number
  paint: Paint
  clock: string
  pace: string
  /** How long ago the findings are from: `12 s ago`. */
  diagnosedAgo: string | undefined
}

export interface Frame {
  /** As many as the screen is high. */
  lines: string[]
  /** For the keys. */
  page: ShownPage
  /** Where the list is now, and how long its texts were: to be kept for the next frame. */
  place: Place
  texts: ScreenState['texts']
}

/** Of a screen that is lower than this the machine's totals go first. */
const LOW = 12
const VERY_LOW = 6

/** The screen, line by line. */
export function frameOf(facts: FrameFacts): Frame {
  const { state, width, height, paint, diagnosis } = facts
  const above = [
    ...(height < LOW ? headerLines(facts).slice(0, height < VERY_LOW ? 0 : 1) : headerLines(facts)),
    viewBar(state.view, diagnosis?.findings.length, width, paint),
    ...titleLine(facts),
  ]
  const status = statusLine(facts)
  const room = Math.max(1, height - above.length - status.length - 1)
  const { body, page, place, texts = state.texts, hidden } = pageOf(facts, room)
  const filling = Array<string>(Math.max(0, room - body.length)).fill('')
  const lines = [...above, ...body.slice(0, room), ...filling, ...status, bottomLine(facts, hidden)]
  return { lines: lines.slice(0, height), page, place, texts }
}

/** What was entered, from the outside in. */
function titleLine({ state, width, paint, diagnosis, diagnosedAgo, diagnosing }: FrameFacts): string[] {
  if (state.help) return [paint.tone('keys', 'strong')]
  if (state.details.length > 0) {
    const titles = state.details.map(({ title }) => title).join(' › ')
    return [paint.tone(shorten(titles, width), 'strong')]
  }
  if (state.view !== 'findings') return []
  const when = diagnosing ? 'looking now …' : diagnosedAgo === undefined ? '' : `from ${diagnosedAgo}; d looks again`
  const limits = diagnosis?.limits ?? []
  const text = limits.length === 0 || when === '' ? when : `${when}; not looked at: ${limits.join(', ')}`
  return text === '' ? [] : [paint.tone(shorten(escapeText(text), width), 'quiet')]
}

/** The filter, and what was said. */
function statusLine({ state, width, paint }: FrameFacts): string[] {
  if (state.typing !== undefined) return [typingBar(state.typing, width, paint)]
  if (state.message !== undefined) return [messageBar(state.message.text, state.message.isError, width, paint)]
  if (state.filter === '') return []
  const applies = shownView(state) !== 'time-wait' && shownView(state) !== 'findings'
  const text = `filter: ${escapeText(state.filter)}${applies ? '' : ' (not of this view)'}`
  return [paint.tone(shorten(text, width), applies ? 'caution' : 'quiet')]
}

/** `hidden`: the order of the rows, where no column shows it. */
function bottomLine({ state, width, paint }: FrameFacts, hidden: string | undefined): string {
  if (state.typing !== undefined && state.message !== undefined)
    return paint.tone(shorten(escapeText(state.message.text), width), state.message.isError ? 'bad' : 'quiet')
  if (state.typing !== undefined)
    return keysBar(
      [
        ['Enter', 'filter'],
        ['Esc', 'leave'],
        ['Ctrl-U', 'empty'],
      ],
      width,
      paint,
    )
  if (state.help)
    return keysBar(
      [
        ['↑↓', 'scroll'],
        ['Esc', 'back'],
      ],
      width,
      paint,
    )
  const detail = state.details.at(-1)
  if (detail !== undefined && detail.kind !== 'connections')
    return keysBar(
      [
        ['q', 'quit'],
        ['Esc', 'back'],
        ['↑↓', 'scroll'],
        ['?', 'help'],
        ['w', 'snapshot'],
      ],
      width,
      paint,
    )
  return keysBar(
    [
      ['q', 'quit'],
      ['?', 'help'],
      ['/', 'filter'],
      ['s', hidden === undefined ? 'sort' : `sort: ${hidden}`, 'sort'],
      ...(GROUPINGS[shownView(state)].length > 1 ? ([['g', `group: ${groupingOf(state)}`]] as const) : []),
      ['⏎', 'more'],
      ...(state.details.length > 0 ? ([['Esc', 'back']] as const) : []),
      ['space', state.paused ? 'go on' : 'pause'],
      ['d', 'diagnose'],
      ['w', 'snapshot'],
      ['r', 'reverse'],
    ],
    width,
    paint,
  )
}

interface Page {
  body: string[]
  page: ShownPage
  place: Place
  texts?: ScreenState['texts']
  hidden?: string | undefined
}

function pageOf(facts: FrameFacts, room: number): Page {
  const { state, width } = facts
  if (state.help) return textPage(facts, helpLines(width), room)
  const detail = state.details.at(-1)
  if (detail?.kind === 'connection') {
    const lines =
      facts.connection === undefined ? ['this connection has ended'] : connectionLines(facts.connection, width)
    return textPage(facts, lines, room)
  }
  if (detail?.kind === 'finding') {
    const finding = facts.diagnosis?.findings.find(one => VIEW_OF.findings.keyOf(one) === detail.key)
    return textPage(facts, finding === undefined ? ['this is not found any more'] : findingLines(finding, width), room)
  }
  return tablePage(facts, VIEW_OF[shownView(state)], room)
}

function textPage({ state, width }: FrameFacts, lines: readonly string[], room: number): Page {
  const size = { length: lines.length, height: room, isText: true }
  const place = placed(state.places.at(-1) ?? AT_TOP, size, () => -1)
  const page: ShownPage = {
    ...size,
    keyAt: () => undefined,
    enter: () => undefined,
    columns: [],
    sort: { column: '', descending: false },
    descendingFirst: () => false,
  }
  return { body: lines.slice(place.top, place.top + room).map(line => shorten(line, width)), page, place }
}

export function contextOf({
  state,
  sample,
  diagnosis,
}: Pick<FrameFacts, 'state' | 'sample' | 'diagnosis'>): ViewContext {
  const only = state.details.flatMap((detail): Restriction[] => (detail.kind === 'connections' ? [detail.only] : []))
  return { sample, diagnosis, grouping: groupingOf(state), only }
}

/** What a group is opened into are single connections. */
function groupingOf(state: ScreenState): string {
  const view = shownView(state)
  const detail = state.details.at(-1)
  return detail?.kind === 'connections' && detail.only.by === 'common' ? 'connection' : state.grouping[view]
}

export const sortOf = (state: ScreenState, view: View) => state.sort[view.name] ?? view.sort

function tablePage(facts: FrameFacts, view: View, room: number): Page {
  const { state, width, paint } = facts
  const context = contextOf(facts)
  const sort = sortOf(state, view)
  const rows = orderedRows(view, context, sort)
  const size = { length: rows.length, height: Math.max(1, room - 1), isText: false }
  const place = placed(state.places.at(-1) ?? AT_TOP, size, key => rows.findIndex(row => view.keyOf(row) === key))
  const shown = rows.slice(place.top, place.top + size.height)
  const all = columnsOf(view, context.grouping)
  const texts = longestTexts(all, shown, state.texts)
  // One of which nothing is known here has no room.
  const columns = all.filter(({ name, leaves }) => shown.length === 0 || leaves === undefined || texts[name] !== 0)
  const laid = laidOut(columns, width, texts)
  const isLaid = (name: string) => laid.some(({ column }) => column.name === name)
  const body = [
    headingLine(laid, sort, width, paint),
    ...shown.map((row, i) => rowLine(laid, row, place.top + i === place.index, width, paint)),
    ...(rows.length === 0 ? [paint.tone(` ${shorten(view.empty(context), width - 1)}`, 'quiet')] : []),
  ]
  const chosen = rows[place.index]
  if (chosen !== undefined && view.more !== undefined && body.length < room)
    body.push('', ...view.more(chosen, width).map(line => shorten(line, width)))
  const page: ShownPage = {
    ...size,
    keyAt: index => (rows[index] === undefined ? undefined : view.keyOf(rows[index])),
    enter: index => (rows[index] === undefined ? undefined : view.enter(rows[index], context)),
    // What is not shown is no order to come upon by chance, but for that of the view itself.
    columns: columns.flatMap(({ name }) => (isLaid(name) || name === view.sort.column ? [name] : [])),
    sort,
    descendingFirst: column => {
      const found = view.columns.find(({ name }) => name === column)!
      return rows.some(row => typeof found.value(row) === 'number') && column !== 'pid' && column !== 'port'
    },
  }
  const { heading } = view.columns.find(({ name }) => name === sort.column)!
  const hidden = isLaid(sort.column) ? undefined : `${heading}${sort.descending ? DOWN : UP}`
  return { body, page, place, texts, hidden }
}
