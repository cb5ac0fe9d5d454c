import { expect, test } from 'vitest'
import { InputError, LinsightError, MachineError, ToolError, UsageError } from '../../errors.ts'
import { errorMessage, errorOf } from './error-message.ts'

const excerpt = { line: 'state nosuch', at: 6, length: 6 }

test.each([
  new UsageError('wrong', { hint: 'right', excerpt }),
  new MachineError('not-permitted', 'not you'),
  new InputError('input-missing', 'not there', { hint: 'look elsewhere' }),
  new ToolError('it fell over'),
])('$name crosses as it is', error => {
  const crossed = errorOf(structuredClone(errorMessage(error)))
  expect(crossed).toBeInstanceOf(error.constructor)
  const { name, code, message, hint, exit, excerpt } = error
  expect(crossed).toMatchObject({ name, code, message, hint, exit, excerpt })
})

test.each([
  ['a bug', new TypeError('x is not a function'), 'TypeError: x is not a function'],
  ['no error at all', 'text', 'Error: text'],
])('%s is unexpected', (_, thrown, message) => {
  const crossed = errorOf(structuredClone(errorMessage(thrown)))
  expect(crossed).toBeInstanceOf(LinsightError)
  expect(crossed).toMatchObject({ code: 'unexpected', exit: 1, message })
})
