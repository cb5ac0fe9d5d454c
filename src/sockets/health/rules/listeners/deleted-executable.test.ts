import { describe, expect, test } from 'vitest'
import { inetSocket, listener, once } from '../../../../../test/support/health-looks.ts'
import { deletedExecutable } from './deleted-executable.ts'

const exe = { path: '/usr/sbin/app', deleted: true, replaced: true as boolean | undefined }
const sockets = [listener(), listener({ localPort: 81, inode: '702' })]
const withExe = (changes: Partial<typeof exe>) =>
  once(deletedExecutable, sockets, { processes: { 7: { exe: { ...exe, ...changes } } } })

test('its file was replaced: one finding for all its listeners', () => {
  expect(withExe({})).toMatchInlineSnapshot(`
    [
      {
        "code": "deleted-executable",
        "culprit": {
          "cmdline": "app",
          "comm": undefined,
          "container": undefined,
          "pid": 7,
          "unit": undefined,
        },
        "culprits": [
          {
            "pid": 7,
            "program": "app",
          },
        ],
        "do": [
          "restart it, so that it runs what was installed",
        ],
        "doing": undefined,
        "evidence": [
          "/proc/7/exe is /usr/sbin/app (deleted), and another file stands there now",
          "it listens on 127.0.0.1:80, 127.0.0.1:81",
        ],
        "finding": "app (pid 7) runs an old /usr/sbin/app: the file was replaced after it started",
        "measured": [],
        "not": [],
        "reach": 1,
        "says": "runs an old /usr/sbin/app: the file was replaced after it started",
        "severity": "warning",
        "towards": [],
        "victims": [],
      },
    ]
  `)
})

test.each([
  [false, 'and no file stands there'],
  [undefined, 'whether another file stands there is not known'],
])('where no new file is known to be there (%s) it is only worth knowing', (replaced, words) => {
  const found = withExe({ replaced })
  expect(found).toMatchObject([
    { severity: 'info', finding: 'app (pid 7) runs /usr/sbin/app, which was deleted after it started' },
  ])
  expect(found[0]!.evidence[0]).toContain(words)
})

test('a path with a blank is one word', () => {
  expect(withExe({ path: '/tmp/a b' })[0]!.finding).toContain("an old '/tmp/a b':")
})

describe('silent', () => {
  test.each([
    ['its file is there', withExe({ deleted: false })],
    ['its file is not known', once(deletedExecutable, sockets, { processes: { 7: {} } })],
    ['it does not listen', once(deletedExecutable, [inetSocket({ pid: 7 })], { processes: { 7: { exe } } })],
  ])('%s', (_, found) => expect(found).toEqual([]))
})
