import { describe, expect, test } from 'vitest'
import { helpWidth } from './help.ts'
import { terminalOf } from './terminal.ts'

describe('what the output goes to', () => {
  test.each([
    ['a pipe', {}, 'auto', {}, { interactive: false, color: false, width: Infinity }],
    [
      'a pipe, although COLUMNS is set',
      {},
      'auto',
      { COLUMNS: '40' },
      { interactive: false, color: false, width: Infinity },
    ],
    ['a pipe with colour', {}, 'always', {}, { interactive: false, color: true, width: Infinity }],
    ['a terminal', { isTTY: true, columns: 132 }, 'auto', {}, { interactive: true, color: true, width: 132 }],
    [
      'a terminal that tells no width',
      { isTTY: true, columns: 0 },
      'auto',
      { COLUMNS: '70' },
      { interactive: true, color: true, width: 70 },
    ],
    ['nor does COLUMNS', { isTTY: true }, 'auto', {}, { interactive: true, color: true, width: 80 }],
    [
      'NO_COLOR',
      { isTTY: true, columns: 80 },
      'auto',
      { NO_COLOR: '1' },
      { interactive: true, color: false, width: 80 },
    ],
    [
      'an empty NO_COLOR',
      { isTTY: true, columns: 80 },
      'auto',
      { NO_COLOR: '' },
      { interactive: true, color: true, width: 80 },
    ],
    [
      'NO_COLOR against --color',
      { isTTY: true, columns: 80 },
      'always',
      { NO_COLOR: '1' },
      { interactive: true, color: true, width: 80 },
    ],
    [
      'a dumb terminal',
      { isTTY: true, columns: 80 },
      'auto',
      { TERM: 'dumb' },
      { interactive: true, color: false, width: 80 },
    ],
    ['--color=never', { isTTY: true, columns: 80 }, 'never', {}, { interactive: true, color: false, width: 80 }],
  ] as const)('%s', (_, stream, choice, env, terminal) => {
    expect(terminalOf(stream, choice, env)).toEqual(terminal)
  })
})

test.each([
  [{ isTTY: true, columns: 200 }, {}, 100],
  [{ isTTY: true, columns: 72 }, { COLUMNS: '50' }, 72],
  [{ isTTY: true, columns: 10 }, {}, 40],
  [{}, { COLUMNS: '50' }, 50],
  [{}, { COLUMNS: 'wide' }, 100],
  [{}, {}, 100],
])('help on %j with %j is %i columns wide', (stream, env, width) => {
  expect(helpWidth(stream, env)).toBe(width)
})
