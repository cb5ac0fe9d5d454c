import { expect, test } from 'vitest'
import { unreadableRemedy } from './unreadable-remedy.ts'

test.each([
  ['a user', false, false, /^run it with sudo$/],
  ['root without capabilities', true, false, /^this root lacks CAP_SYS_PTRACE/],
  ['root', true, true, /^root cannot read them either/],
])('%s', (_, isRoot, isCapable, remedy) => expect(unreadableRemedy({ isRoot, isCapable })).toMatch(remedy))
