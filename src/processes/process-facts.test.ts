import { describe, expect, test } from 'vitest'
import { ownerNames, programName } from './process-facts.ts'

test.each([
  ['the last element of an absolute path', ['/usr/sbin/nginx', '-g'], 'nginx', 'nginx'],
  ['a relative name as it is', ['./bin/server', '1'], 'server', './bin/server'],
  ['a path that ends in a slash as it is', ['/srv/', '1'], 'srv', '/srv/'],
  ['a title over the arguments gives way to comm', ['nginx: worker process'], 'nginx', 'nginx'],
  ['a blank in a name with arguments is no title', ['my server', '-x'], 'my', 'my server'],
  ['an empty command line', [], 'kworker/0:1', 'kworker/0:1'],
  ['a blanked first argument', ['', 'x'], 'hidden', 'hidden'],
  ['a title where comm is not known', ['sshd: root@pts/0'], undefined, 'sshd: root@pts/0'],
])('the name of a program: %s', (_, args, comm, name) => {
  expect(programName({ pid: 1, args, comm })).toBe(name)
})

describe('names of owners', () => {
  const nginx = (pid: number) => ({ pid, program: 'nginx' })
  test.each([
    [[], undefined],
    [[nginx(7)], 'nginx (pid 7)'],
    [[nginx(7), nginx(8)], 'nginx (pids 7, 8)'],
    [[7, 8, 9, 10, 11].map(nginx), 'nginx (pids 7, 8, 9 and 2 more)'],
    [[nginx(7), { pid: 8, program: 'sh' }], 'nginx and others (pids 7, 8)'],
    [[{ pid: 9, program: 'worker', isThreadName: true as const }], 'thread worker (pid 9)'],
    // A name cannot look like two.
    [[{ pid: 9, program: 'x (pid 1), sshd' }], "'x (pid 1), sshd' (pid 9)"],
  ])('%j', (owners, text) => expect(ownerNames(owners)).toBe(text))
})
