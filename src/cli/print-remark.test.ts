import { expect, test } from 'vitest'
import { remarkText } from './print-remark.ts'

const MESSAGE = '3 of 120 processes could not be looked into\x1b[31m'
const HINT = 'run it as root, or with sudo, to see every owner'

test('no terminal: one line each, safe to print', () => {
  expect(remarkText('mynetstat', MESSAGE, HINT, Infinity)).toBe(
    `mynetstat: 3 of 120 processes could not be looked into\\x1b[31m\n  ${HINT}\n`,
  )
})

test('40 columns: at words, indented', () => {
  expect(remarkText('mynetstat', MESSAGE, HINT, 40)).toBe(`mynetstat: 3 of 120 processes could not
  be looked into\\x1b[31m
  run it as root, or with sudo, to see
  every owner
`)
})

test('without a hint: one sentence', () => {
  expect(remarkText('linsight', 'no', undefined, 80)).toBe('linsight: no\n')
})

test('a place in a line is marked below it', () => {
  const line = 'sport = :nosuch'
  expect(remarkText('mynetstat', 'nosuch is no port', 'give a number', 80, { line, at: 8, length: 7 })).toBe(
    `mynetstat: nosuch is no port
  sport = :nosuch
          ^^^^^^^
  give a number
`,
  )
})

test('of a long line what is around the place is shown, safe to print', () => {
  const line = `${'sport = 80 or '.repeat(10)}\x1b[31m ${'or sport = 80 '.repeat(10)}`
  const [, shown, mark] = remarkText('x', 'no', undefined, 40, { line, at: 140, length: 5 }).split('\n')
  expect(shown!.length).toBeLessThan(50)
  expect(shown!.slice(mark!.indexOf('^'), mark!.length)).toBe('\\x1b[31m')
})
