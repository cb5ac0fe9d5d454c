import { expect, test } from 'vitest'
import { parseSsUnix } from './ss-unix.ts'

const parse = (...lines: string[]) =>
  Object.fromEntries(parseSsUnix(lines.join('\n'), new Set(['11', '12', '13', '14', '15'])))

test('streams and datagrams', () => {
  expect(
    parse(
      'u_str LISTEN 0      4096   /run/x.sock 15 * 0     ',
      'u_str ESTAB  0      0                * 11 * 12    ',
      'u_str ESTAB  0      0      /run/x.sock 12 * 11    ',
      'u_dgr ESTAB  0      0                * 13 * 14',
    ),
  ).toEqual({ 11: '12', 12: '11', 13: '14', 15: '0' })
})

test('a name with a blank is told by the other end', () => {
  expect(parse('u_str ESTAB 0 0 @a b 11 * 12', 'u_str ESTAB 0 0 * 12 @a b 11')).toEqual({ 11: '12', 12: '11' })
})

test('a name that looks like other columns says nothing of the sockets it names', () => {
  expect(parse('u_str ESTAB 0 0 @x 13  * 14 11 * 12', 'u_str ESTAB 0 0 * 12 * 11')).toEqual({ 11: '12', 12: '11' })
})

test('of a socket that two lines tell of, one may be forged', () => {
  expect(parse('u_dgr ESTAB 0 0 * 11 * 12', 'u_dgr ESTAB 0 0 * 11 * 13')).toEqual({})
  const pairs = [
    ['11', '12'],
    ['12', '11'],
    ['11', '13'],
    ['13', '11'],
  ].map(([a, b]) => `u_str ESTAB 0 0 * ${a} * ${b}`)
  expect(parse(...pairs)).toEqual({})
})

test.each(['', 'Netid State', 'u_str ESTAB 0 0 * 99 * 12', 'tcp ESTAB 0 0 * 11 * 12'])('nothing of %j', line => {
  expect(parse(line)).toEqual({})
})
