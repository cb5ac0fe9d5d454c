import { GROUPINGS, VIEWS, type ViewName } from '../model.ts'
import type { Detail } from '../show/view.ts'
import type { Key } from './decode-keys.ts'
import { AT_TOP, shownView, type Place, type ScreenState } from './screen-state.ts'

/** What a key asks of others than the screen. */
export type Effect =
  | 'quit'
  | 'interrupt'
  | 'suspend'
  | 'snapshot'
  | 'redraw'
  | 'diagnose'
  | { filter: string }
  /** It is being typed: shown, not chosen. */
  | { typed: string }
  /** To the recording before, or after. */
  | { step: 1 | -1 }

/** What the keys have to know of what is shown. */
export interface ShownPage {
  /** Rows, or lines of a text. */
  length: number
  /** Lines there is room for. */
  height: number
  keyAt: (index: number) => string | undefined
  /** What Enter shows of a row. */
  enter: (index: number) => Detail | undefined
  /** Columns in their order, as the screen shows them. */
  columns: readonly string[]
  sort: { column: string; descending: boolean }
  /** Columns that begin with the largest. */
  descendingFirst: (column: string) => boolean
  /** A text, which is scrolled. */
  isText: boolean
}

export interface Reduced {
  state: ScreenState
  effect?: Effect | undefined
}

/** The screen after a key. */
export function reduce(before: ScreenState, key: Key, page: ShownPage): Reduced {
  const state = before.message === undefined ? before : { ...before, message: undefined }
  if (key === 'interrupt') return { state, effect: 'interrupt' }
  if (key === 'suspend') return { state, effect: 'suspend' }
  if (state.typing !== undefined) return typed(state, state.typing, key)
  if (state.help) {
    const isOver = key === 'q' || key === '?' || key === 'h' || key === 'f1' || key === 'enter' || isLeaving(key)
    return { state: isOver ? { ...state, help: false, places: state.places.slice(0, -1) } : scrolled(state, key, page) }
  }
  const view = VIEWS[Number(key) - 1]
  if (view !== undefined && key.length === 1) return { state: turned(state, view) }
  switch (key) {
    case 'q':
    case 'f10':
      return { state, effect: 'quit' }
    case 'tab':
      return { state: turned(state, VIEWS[(VIEWS.indexOf(state.view) + 1) % VIEWS.length]!) }
    case 'back-tab':
      return { state: turned(state, VIEWS[(VIEWS.indexOf(state.view) + VIEWS.length - 1) % VIEWS.length]!) }
    case '?':
    case 'h':
    case 'f1':
      return { state: { ...state, help: true, places: [...state.places, AT_TOP] } }
    case '/':
    case 'f3':
    case 'f4':
      return { state: { ...state, typing: state.filter } }
    case 'escape':
    case 'backspace':
    case 'left':
      return back(state, key)
    case 'enter':
    case 'right':
      return { state: entered(state, page) }
    case ' ':
      return { state: { ...state, paused: !state.paused } }
    case ',':
      return { state, effect: { step: -1 } }
    case '.':
      return { state, effect: { step: 1 } }
    case 's':
    case 'f6':
    case '>':
      return { state: sorted(state, page, 1) }
    case '<':
      return { state: sorted(state, page, -1) }
    case 'r':
    case 'I':
      return { state: reversed(state, page) }
    case 'g':
      return { state: grouped(state) }
    case 'w':
      return { state, effect: 'snapshot' }
    case 'd':
      return { state: turned(state, 'findings'), effect: 'diagnose' }
    case 'redraw':
      return { state, effect: 'redraw' }
    default:
      return { state: scrolled(state, key, page) }
  }
}

const isLeaving = (key: Key) => key === 'escape' || key === 'backspace' || key === 'left'

function typed(state: ScreenState, text: string, key: Key): Reduced {
  const to = (typing: string): Reduced => ({ state: { ...state, typing }, effect: { typed: typing } })
  const left = { state: { ...state, typing: undefined }, effect: { filter: state.filter } }
  switch (key) {
    case 'enter':
      return { state: { ...state, typing: undefined }, effect: { filter: text.trim() } }
    case 'escape':
      return left
    case 'backspace':
      // One more leaves, as in less.
      return text === '' ? left : to(Array.from(text).slice(0, -1).join(''))
    case 'clear':
      return to('')
    case 'clear-word':
      return to(text.replace(/\S*\s*$/, ''))
    default:
      return Array.from(key).length === 1 ? to(text + key) : { state }
  }
}

function turned(state: ScreenState, view: ViewName): ScreenState {
  if (view === state.view && state.details.length === 0) return state
  return { ...state, view, details: [], places: [AT_TOP], texts: {} }
}

/** Out of what was entered, else the filter goes. */
function back(state: ScreenState, key: Key): Reduced {
  if (state.details.length > 0)
    return { state: { ...state, details: state.details.slice(0, -1), places: state.places.slice(0, -1), texts: {} } }
  if (key === 'escape' && state.filter !== '') return { state, effect: { filter: '' } }
  return { state }
}

function entered(state: ScreenState, page: ShownPage): ScreenState {
  if (page.isText) return state
  const detail = page.enter(state.places.at(-1)!.index)
  if (detail === undefined) return state
  return { ...state, details: [...state.details, detail], places: [...state.places, AT_TOP], texts: {} }
}

function sorted(state: ScreenState, page: ShownPage, step: 1 | -1): ScreenState {
  if (page.columns.length === 0) return state
  const at = page.columns.indexOf(page.sort.column)
  const next = page.columns[(at + step + page.columns.length) % page.columns.length]!
  const sort = { column: next, descending: page.descendingFirst(next) }
  return toTop({ ...state, sort: { ...state.sort, [shownView(state)]: sort } })
}

function reversed(state: ScreenState, { sort }: ShownPage): ScreenState {
  return toTop({ ...state, sort: { ...state.sort, [shownView(state)]: { ...sort, descending: !sort.descending } } })
}

function grouped(state: ScreenState): ScreenState {
  const view = shownView(state)
  const all: readonly string[] = GROUPINGS[view]
  const next = all[(all.indexOf(state.grouping[view]) + 1) % all.length]!
  if (all.length === 1) return { ...state, message: { text: 'this view has no groups', isError: false } }
  return toTop({ ...state, grouping: { ...state.grouping, [view]: next } })
}

const toTop = (state: ScreenState): ScreenState => ({
  ...state,
  places: [...state.places.slice(0, -1), AT_TOP],
  texts: {},
})

const STEPS: Readonly<Record<Key, (page: ShownPage, index: number) => number>> = {
  up: (_, index) => index - 1,
  k: (_, index) => index - 1,
  down: (_, index) => index + 1,
  j: (_, index) => index + 1,
  'page-up': ({ height }, index) => index - height,
  // Ctrl-U, as in less.
  clear: ({ height }, index) => index - height,
  b: ({ height }, index) => index - height,
  'page-down': ({ height }, index) => index + height,
  f: ({ height }, index) => index + height,
  home: () => 0,
  end: ({ length }) => length - 1,
  G: ({ length }) => length - 1,
}

function scrolled(state: ScreenState, key: Key, page: ShownPage): ScreenState {
  const step = STEPS[key]
  if (step === undefined) return state
  const place = state.places.at(-1)!
  const last = page.isText ? Math.max(0, page.length - page.height) : Math.max(0, page.length - 1)
  const from = page.isText ? Math.min(place.index, last) : place.index
  const index = Math.max(0, Math.min(last, step(page, from)))
  const next: Place = { index, key: index === 0 || page.isText ? undefined : page.keyAt(index), top: place.top }
  return { ...state, places: [...state.places.slice(0, -1), next] }
}

/** The place in a list that may have changed: at the row that was chosen, wherever that is now, and in sight. */
export function placed(
  place: Place,
  page: Pick<ShownPage, 'length' | 'height' | 'isText'>,
  find: (key: string) => number,
): Place {
  if (page.isText) {
    const index = Math.max(0, Math.min(place.index, page.length - page.height))
    return { index, key: undefined, top: index }
  }
  const found = place.key === undefined ? -1 : find(place.key)
  const index = Math.max(0, Math.min(found === -1 ? place.index : found, page.length - 1))
  let top = Math.min(place.top, index)
  if (index >= top + page.height) top = index - page.height + 1
  top = Math.max(0, Math.min(top, page.length - page.height))
  return { index, key: found === -1 ? undefined : place.key, top }
}
