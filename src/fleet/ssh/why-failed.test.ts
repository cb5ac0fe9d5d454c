import { expect, test } from 'vitest'
import { whyFailed, type SshEnd } from './why-failed.ts'

const end = (fields: Partial<SshEnd>): SshEnd => ({ exitCode: 0, stderr: '', began: false, become: false, ...fields })

test.each<[Partial<SshEnd>, string, string]>([
  [
    { exitCode: 255, stderr: 'banner\nssh: no route\r\n' },
    'unreachable',
    'web1 could not be reached by ssh: ssh: no route',
  ],
  [{ exitCode: 255 }, 'unreachable', 'web1 could not be reached by ssh'],
  [{ exitCode: 127, stderr: 'sh: not found' }, 'no-shell', 'there is no sh on web1: sh: not found'],
  [{ exitCode: 127, become: true }, 'no-shell', 'there is no sudo on web1'],
  [
    { exitCode: 1, become: true, stderr: 'sudo: a password is required' },
    'not-permitted',
    'sudo -n was refused on web1: sudo: a password is required',
  ],
  [{ exitCode: 1 }, 'not-understood', 'web1 answered with status 1'],
  [{ exitCode: 0 }, 'not-understood', 'web1 answered with nothing that was asked for'],
  [{ exitCode: undefined, signal: 'SIGSEGV' }, 'not-understood', 'web1 answered with SIGSEGV'],
  [
    { exitCode: 255, began: true, stderr: 'Connection reset' },
    'not-understood',
    'the answer of web1 broke off: Connection reset',
  ],
])('%j', (fields, code, message) => {
  expect(whyFailed('web1', end(fields))).toMatchObject({ code, message })
})

test.each([
  ['Host key verification failed.', 'its key is not known'],
  ['root@web1: Permission denied (publickey).', 'no password is asked for here'],
])('%s has a hint', (stderr, hint) => {
  expect(whyFailed('web1', end({ exitCode: 255, stderr })).hint).toContain(hint)
})
