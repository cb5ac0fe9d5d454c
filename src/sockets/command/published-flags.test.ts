import { expect, test } from 'vitest'
import { refuseBesidePublished } from './published-flags.ts'

test.each([
  [{ published: true, tcp: true, json: true, from: 'a', color: 'auto' }, undefined],
  [{ published: true, why: true }, '--published and --why do not go together'],
  [{ published: true, columns: 'local' }, '--published and --columns do not go together'],
  [{ published: false, why: true }, undefined],
])('%j', (flags, message) => {
  const refuse = () => refuseBesidePublished(flags)
  if (message === undefined) expect(refuse).not.toThrow()
  else expect(refuse).toThrow(message)
})
