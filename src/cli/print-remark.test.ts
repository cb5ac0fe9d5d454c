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
