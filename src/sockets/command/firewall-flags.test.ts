import { expect, test } from 'vitest'
import { refuseBesideExposure, refuseBesidePublished } from './firewall-flags.ts'

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

test.each([
  [{ exposure: true, listening: true, tcp: true, json: true, from: 'a', color: 'auto' }, undefined],
  [{ exposure: true, all: true }, '--exposure and --all do not go together'],
  [{ exposure: true, 'all-netns': true }, '--exposure and --all-netns do not go together'],
  [{ exposure: true, published: true }, '--exposure and --published do not go together'],
  [{ exposure: false, all: true }, undefined],
])('%j', (flags, message) => {
  const refuse = () => refuseBesideExposure(flags)
  if (message === undefined) expect(refuse).not.toThrow()
  else expect(refuse).toThrow(message)
})
