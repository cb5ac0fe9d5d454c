import { describe, expect, test } from 'vitest'
import { withFullNames } from './long-options.ts'

const OPTIONS = {
  numeric: {},
  'numeric-hosts': {},
  programs: { aliases: ['p2', 'x'] },
  protocol: {},
  timers: {},
  inet: { aliases: ['ip', 'tcpip'] },
  inet6: {},
}
const full = (...argv: string[]) => withFullNames(argv, OPTIONS, new Set(['protocol'])).join(' ')

describe('beginnings of long options', () => {
  test.each([
    ['--timer', '--timers'],
    ['--prog -n', '--programs -n'],
    ['--numeric', '--numeric'],
    ['--numeric-h', '--numeric-hosts'],
    ['--tcp', '--tcpip'],
    ['--inet', '--inet'],
    ['--prot=unix', '--protocol=unix'],
    ['--prot --tim', '--protocol --tim'],
    ['--prot=unix --tim', '--protocol=unix --timers'],
    ['--frobnicate', '--frobnicate'],
    ['--x', '--x'],
    ['-t :80 -- --tim', '-t :80 -- --tim'],
  ])('%s is %s', (line, expected) => {
    expect(full(...line.split(' '))).toBe(expected)
  })

  test('those of another program count first', () => {
    const known = { all: {}, 'all-netns': {}, timers: {}, timeout: {}, top: {} }
    const first = new Set(['all', 'timers'])
    expect(withFullNames(['--al', '--tim', '--all-', '--to'], known, new Set(), first)).toEqual([
      '--all',
      '--timers',
      '--all-netns',
      '--top',
    ])
    expect(() => withFullNames(['--t'], known, new Set(), new Set())).toThrow('--t may be')
  })

  test.each([
    ['--pro', '--pro may be --programs or --protocol'],
    ['--num', '--num may be --numeric or --numeric-hosts'],
  ])('%s may be several', (word, message) => {
    expect(() => full(word)).toThrow(message)
  })
})
