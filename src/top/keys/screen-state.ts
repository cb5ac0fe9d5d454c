import { GROUPINGS, VIEWS, type ViewName } from '../model.ts'
import type { Detail } from '../show/view.ts'

/** Where one is in a list. */
export interface Place {
  index: number
  /** Of the row that is chosen; undefined at the top, where it is whatever row is first. */
  key: string | undefined
  /** First row that is shown. */
  top: number
}

/** What a person has chosen; the machine's part of the screen is the Sample. */
export interface ScreenState {
  view: ViewName
  /** What was entered, one inside the other. */
  details: readonly Detail[]
  /** Of the view, then of each detail. */
  places: readonly Place[]
  /** Longest text of each column that was shown since the table was opened, by the column's name. */
  texts: Readonly<Record<string, number>>
  sort: Readonly<Partial<Record<ViewName, { column: string; descending: boolean }>>>
  grouping: Readonly<Record<ViewName, string>>
  /** The filter that selects now. */
  filter: string
  /** The filter that is being typed. */
  typing: string | undefined
  paused: boolean
  help: boolean
  /** Said once, until the next key. */
  message: { text: string; isError: boolean } | undefined
}

export const AT_TOP: Place = { index: 0, key: undefined, top: 0 }

export function initialState(view: ViewName = 'processes', filter = ''): ScreenState {
  return {
    view,
    details: [],
    places: [AT_TOP],
    texts: {},
    sort: {},
    grouping: Object.fromEntries(VIEWS.map(name => [name, GROUPINGS[name][0]])) as Record<ViewName, string>,
    filter,
    typing: undefined,
    paused: false,
    help: false,
    message: undefined,
  }
}

/** The view whose rows are shown: that of the details, where there are some. */
export function shownView({ view, details }: ScreenState): ViewName {
  return details.at(-1)?.kind === 'connections' ? 'connections' : view
}
