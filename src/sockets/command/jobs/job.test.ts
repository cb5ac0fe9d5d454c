import { expect, test } from 'vitest'
import { refuseBeside } from './job.ts'

test.each([
  [{ pipes: true, json: true, from: 'a', color: 'auto', endian: 'little' }],
  [{ pipes: true, all: false, sort: undefined }],
  [{ pipes: true, netns: 'blue' }],
])('%j is right', flags => expect(() => refuseBeside('pipes', ['netns'], flags, '')).not.toThrow())

test('a flag that the job would ignore is refused by name', () => {
  expect(() => refuseBeside('pipes', [], { pipes: true, all: true }, 'leave it out')).toThrow(
    '--pipes and --all do not go together',
  )
})
