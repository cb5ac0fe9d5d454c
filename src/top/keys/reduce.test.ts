import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { placed, reduce, type ShownPage } from './reduce.ts'
import { AT_TOP, initialState, shownView, type ScreenState } from './screen-state.ts'

const page: ShownPage = {
  length: 100,
  height: 10,
  keyAt: index => `row ${index}`,
  enter: index => ({ kind: 'connections', title: `row ${index}`, only: { by: 'port', port: index } }),
  columns: ['name', 'in', 'out'],
  sort: { column: 'in', descending: true },
  descendingFirst: column => column !== 'name',
  isText: false,
}

const after = (keys: string[], state: ScreenState = initialState(), shown: ShownPage = page) =>
  keys.reduce((before, key) => reduce(before, key, shown).state, state)
const indexAfter = (...keys: string[]) => after(keys).places.at(-1)!.index

describe('moving', () => {
  test.each([
    [['down'], 1],
    [['j', 'j', 'k'], 1],
    [['up'], 0],
    [['page-down'], 10],
    [['page-down', 'page-up'], 0],
    [['end'], 99],
    [['G', 'down'], 99],
    [['end', 'home'], 0],
  ])('%j', (keys, index) => {
    expect(indexAfter(...keys)).toBe(index)
  })

  test('a row that was chosen is followed; the top is wherever the first row is', () => {
    expect(after(['down']).places).toMatchObject([{ index: 1, key: 'row 1' }])
    expect(after(['down', 'up']).places).toMatchObject([{ index: 0, key: undefined }])
  })

  test('a text is scrolled as far as its end is seen', () => {
    const text = { ...page, isText: true }
    expect(after(['end'], initialState(), text).places.at(-1)!.index).toBe(90)
    expect(after(['end', 'end', 'up'], initialState(), text).places.at(-1)!.index).toBe(89)
  })
})

describe('views', () => {
  test.each([
    [['2'], 'connections'],
    [['tab'], 'connections'],
    [['back-tab'], 'findings'],
    [['tab', 'back-tab'], 'processes'],
    [['6'], 'findings'],
    [['7'], 'processes'],
    [['0'], 'processes'],
  ])('%j', (keys, view) => {
    expect(after(keys).view).toBe(view)
  })

  test('Enter goes in, Escape comes back to the same row', () => {
    const inside = after(['down', 'down', 'enter'])
    expect(inside.details).toMatchObject([{ title: 'row 2' }])
    expect(shownView(inside)).toBe('connections')
    expect(inside.places.at(-1)).toEqual(AT_TOP)
    const back = after(['escape'], inside)
    expect([back.details, back.places.at(-1)!.index]).toEqual([[], 2])
  })

  test('another view begins outside', () => {
    expect(after(['enter', '3'])).toMatchObject({ view: 'listeners', details: [], places: [AT_TOP] })
  })

  test('help covers what is there, and gives it back', () => {
    const help = after(['down', '?'])
    expect(help.help).toBe(true)
    expect(after(['q'], help)).toMatchObject({ help: false, places: [{ index: 1 }] })
    expect(reduce(help, 'q', page).effect).toBeUndefined()
  })
})

describe('order', () => {
  test.each([
    [['s'], 'out', true],
    [['s', 's'], 'out', true],
    [['>'], 'out', true],
    [['<'], 'name', false],
    [['r'], 'in', false],
  ])('%j', (keys, column, descending) => {
    expect(after(keys).sort).toEqual({ processes: { column, descending } })
  })

  test('groups come one after the other, and round', () => {
    expect(after(['g']).grouping.processes).toBe('program')
    expect(after(['g', 'g', 'g', 'g']).grouping.processes).toBe('process')
  })

  test('what has no groups says so, until the next key', () => {
    const said = after(['3', 'g'])
    expect(said.message?.text).toBe('this view has no groups')
    expect(after(['j'], said).message).toBeUndefined()
  })
})

describe('the filter', () => {
  test('is typed, and taken with Enter', () => {
    const typing = after(['/', 'p', 'i', 'd', ' ', '7', '8', 'backspace'])
    expect(typing.typing).toBe('pid 7')
    expect(reduce(typing, 'enter', page)).toMatchObject({ state: { typing: undefined }, effect: { filter: 'pid 7' } })
  })

  test('begins with what it was', () => {
    expect(after(['/'], initialState('hosts', 'dport 80')).typing).toBe('dport 80')
  })

  test.each([
    [['clear'], ''],
    [['clear-word'], 'dport '],
    [['漢'], 'dport 80漢'],
    [['up', 'f1'], 'dport 80'],
    [['q'], 'dport 80q'],
  ])('%j', (keys, text) => {
    expect(after(['/', ...keys], initialState('hosts', 'dport 80')).typing).toBe(text)
  })

  test.each([[['escape']], [['clear', 'backspace']]])('%j leaves it as it was', keys => {
    const state = after(['/', 'x', ...keys], initialState('hosts', 'dport 80'))
    expect([state.typing, state.filter]).toEqual([undefined, 'dport 80'])
  })

  test('Escape takes it away, outside of all details', () => {
    const filtered = initialState('hosts', 'dport 80')
    expect(reduce(filtered, 'escape', page).effect).toEqual({ filter: '' })
    expect(reduce(filtered, 'left', page).effect).toBeUndefined()
    expect(reduce(after(['enter'], filtered), 'escape', page).effect).toBeUndefined()
  })
})

test.each([
  ['q', 'quit'],
  ['f10', 'quit'],
  ['interrupt', 'interrupt'],
  ['suspend', 'suspend'],
  ['w', 'snapshot'],
  ['d', 'diagnose'],
  ['redraw', 'redraw'],
] as const)('%s asks for %s', (key, effect) => {
  expect(reduce(initialState(), key, page).effect).toBe(effect)
})

test('Ctrl-C and Ctrl-Z are obeyed everywhere', () => {
  for (const state of [after(['/']), after(['?']), after(['enter'])]) {
    expect(reduce(state, 'interrupt', page).effect).toBe('interrupt')
    expect(reduce(state, 'suspend', page).effect).toBe('suspend')
  }
})

test('space stands still, and goes on', () => {
  expect([after([' ']).paused, after([' ', ' ']).paused]).toEqual([true, false])
})

test('comma and full stop step through recordings', () => {
  expect(reduce(initialState(), ',', page).effect).toEqual({ step: -1 })
  expect(reduce(initialState(), '.', page).effect).toEqual({ step: 1 })
  expect(after(['/', '.']).typing).toBe('.')
})

test('whatever keys come, the place is in the list and there is one for each list', () => {
  const key = fc.constantFrom(
    'up',
    'down',
    'home',
    'end',
    'page-up',
    'page-down',
    'enter',
    'escape',
    'left',
    '?',
    '/',
    'q',
    'x',
    's',
    'g',
    'r',
    '1',
    '4',
    'tab',
    'backspace',
  )
  fc.assert(
    fc.property(
      fc.array(key, { maxLength: 60 }),
      fc.nat(30),
      fc.integer({ min: 1, max: 20 }),
      (keys, length, height) => {
        let state = initialState()
        for (const one of keys) {
          state = reduce(state, one, { ...page, length, height }).state
          expect(state.places).toHaveLength(state.details.length + (state.help ? 2 : 1))
          const { index, top } = placed(state.places.at(-1)!, { length, height, isText: false }, () => -1)
          expect(index).toBeLessThanOrEqual(Math.max(0, length - 1))
          expect(top <= index && index < top + height).toBe(true)
        }
      },
    ),
  )
})

describe('a list that has changed', () => {
  const size = { length: 50, height: 10, isText: false }
  test('keeps the chosen row in sight, wherever it is', () => {
    expect(placed({ index: 3, key: 'a', top: 0 }, size, () => 30)).toEqual({ index: 30, key: 'a', top: 21 })
  })

  test('stays where it was, where the row has gone', () => {
    expect(placed({ index: 3, key: 'a', top: 0 }, size, () => -1)).toEqual({ index: 3, key: undefined, top: 0 })
  })

  test('shows as much as there is', () => {
    expect(placed({ index: 45, key: undefined, top: 40 }, { ...size, length: 12 }, () => -1)).toEqual({
      index: 11,
      key: undefined,
      top: 2,
    })
  })
})
