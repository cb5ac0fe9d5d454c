import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entryLayout, reflow } from './reflow.ts'

const TEXT = `
    state    ok, caution (works, but with a limit), fail,
             unknown (no file tells)
    what it shows  short
    With --from, what the recording does not hold
    counts as absent.

    A second paragraph.`

describe('help text at any width', () => {
  test('80 columns', () => {
    expect(reflow(TEXT, 80)).toBe(
      `state          ok, caution (works, but with a limit), fail, unknown (no file
               tells)
what it shows  short
With --from, what the recording does not hold counts as absent.

A second paragraph.`,
    )
  })

  test('40 columns: still two columns', () => {
    expect(reflow(TEXT, 40)).toBe(
      `state          ok, caution (works, but
               with a limit), fail,
               unknown (no file tells)
what it shows  short
With --from, what the recording does not
hold counts as absent.

A second paragraph.`,
    )
  })

  test('too narrow for two columns: the text below its name', () => {
    expect(reflow(TEXT, 30).split('\n').slice(0, 5)).toEqual([
      'state',
      '    ok, caution (works, but',
      '    with a limit), fail,',
      '    unknown (no file tells)',
      'what it shows',
    ])
  })

  test('a text without a line of its own at the beginning', () => {
    expect(reflow('Kept: ports,\nstates', 80)).toBe('Kept: ports, states')
  })
})

test('no word is lost, no line is wider than it must be', () => {
  const word = fc.stringMatching(/^[a-z.,()-]{1,12}$/)
  const line = fc.tuple(fc.constantFrom('', '  ', 'name  '), fc.array(word, { minLength: 1, maxLength: 20 }))
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 20, max: 130 }), (lines, width) => {
      const text = `\n${lines.map(([lead, words]) => lead + words.join(' ')).join('\n')}`
      const out = reflow(text, width)
      expect(out.split(/\s+/).filter(Boolean)).toEqual(text.split(/\s+/).filter(Boolean))
      for (const part of out.split('\n')) expect(part.length).toBeLessThanOrEqual(width)
    }),
  )
})

test('alternatives that are too long for a line go on behind a bar', () => {
  const entry = entryLayout(['--by=KEY'], 24)
  expect(entry('--by=KEY', 'what a row is <options: syscall|process|thread|file>')).toBe(
    ['--by=KEY', '    what a row is', '    <options: syscall|', '    process|thread|', '    file>'].join('\n'),
  )
  expect(entry('--by=KEY', 'a|b c')).toBe('--by=KEY\n    a|b c')
})
