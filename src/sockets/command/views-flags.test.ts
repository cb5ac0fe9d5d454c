import { describe, expect, test } from 'vitest'
import { timesGiven, viewOf } from './views-flags.ts'

describe('which view the flags ask for', () => {
  test.each([
    [{ tcp: true, all: true }, undefined],
    [{ statistics: true, tcp: true, json: true }, 'statistics'],
    [{ route: true, numeric: true, extend: true, verbose: true }, 'route'],
    [{ interfaces: true, all: true, from: 'a.snap.json' }, 'interfaces'],
    [{ groups: true, inet6: true }, 'groups'],
    [{ statistics: true, netns: 'blue' }, 'statistics'],
    [{ route: true, netns: 'blue' }, 'route'],
    [{ interfaces: true, numeric: true, programs: true, compat: true }, 'interfaces'],
  ])('%j: %s', (flags, view) => {
    expect(viewOf(flags)).toBe(view)
  })

  test.each([
    [{ route: true, interfaces: true }, '-r and -i do not go together'],
    [{ statistics: true, why: true }, '-s and --why do not go together'],
    [{ interfaces: true, programs: true }, '-i and --programs do not go together'],
    [{ route: true, tcp: true }, '-r and --tcp do not go together'],
    [{ route: true, verbose: true, netns: 'blue' }, '-r -v and --netns do not go together'],
    [{ interfaces: true, netns: 'blue' }, '-i and --netns do not go together'],
    [{ statistics: true, 'all-netns': true }, '-s and --all-netns do not go together'],
    [{ groups: true, columns: 'proto' }, '-g and --columns do not go together'],
    [{ groups: true, compat: true, inet: true }, 'netstat would print sockets, too'],
    [{ route: true, compat: true, json: true }, '--json and --compat do not go together'],
  ])('%j is refused', (flags, message) => {
    expect(() => viewOf(flags)).toThrow(message)
  })
})

test.each([
  [['-rn'], 0],
  [['-rne'], 1],
  [['-rnee'], 2],
  [['-re', '-e', '--extend', '--from', 'e.json'], 3],
])('-e in %j stands %i times', (argv, times) => {
  expect(timesGiven(argv, 'e', 'extend')).toBe(times)
})
