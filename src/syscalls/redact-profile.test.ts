import { expect, test } from 'vitest'
import { fixture } from '../../test/support/paths.ts'
import { redacted } from '../redact/redaction.ts'
import { UNKNOWN_FORM } from '../redact/texts.ts'
import { parseProfileJson } from './formats/saved-profile.ts'
import { readSyscallProfile } from './read-profile.ts'
import { redactCallText, redactProfile } from './redact-profile.ts'
import { findings } from './rules/findings.ts'
import { profileDocument } from './show/document.ts'
import { documentPieces } from '../terminal/json.ts'

const NAMES = { hosts: ['web1'], users: ['alice'] }
const call = (text: string) => redacted(NAMES, redaction => redactCallText(text, redaction))

test.each([
  [
    'openat(AT_FDCWD</srv/acme>, "/home/alice/x.conf", O_RDONLY) = 3</home/alice/x.conf>',
    'openat(AT_FDCWD</srv/n1xx>, "/home/n1xxx/1.conf", O_RDONLY) = 3</home/n1xxx/1.conf>',
  ],
  [
    'write(1<pipe:[77]>, "GET /acme HTTP/1.1\\r\\nHost: acme\\r\\n"..., 512) = 512',
    'write(1<pipe:[77]>, "arg1"..., 512) = 512',
  ],
  [
    'connect(3<TCP:[10.9.9.9:5000->10.9.9.8:80]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.9.9.8")}, 16) = 0',
    'connect(3<TCP:[10.0.0.1:5000->10.0.0.2:80]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.2")}, 16) = 0',
  ],
  [
    'sendto(4<UNIX-STREAM:[12->34,"/run/acme.sock"]>, "a \\"quoted\\" secret", 17, 0, NULL, 0) = 17',
    'sendto(4<UNIX-STREAM:[12->34,"/run/n1xx.sock"]>, "arg1", 17, 0, NULL, 0) = 17',
  ],
  [
    'connect(3, {sa_family=AF_UNIX, sun_path=@"acme"}, 7) = -1 ECONNREFUSED (Connection refused)',
    'connect(3, {sa_family=AF_UNIX, sun_path=@"arg1"}, 7) = -1 ECONNREFUSED (Connection refused)',
  ],
  [
    'execve("/usr/bin/psql", ["psql", "-h", "web1"], 0x7ffd /* 12 vars */) = 0',
    'execve("/usr/bin/n1xx", ["arg1", "arg2", "arg3"], 0x7ffd /* 12 vars */) = 0',
  ],
  ['read(6, "cut off in the mid', 'read(6, "arg1"'],
])('a call: %s', (text, shown) => {
  expect(call(text)).toBe(shown)
})

test('a profile of a log: the same numbers and findings, no name', async () => {
  const profile = await readSyscallProfile([fixture('strace/zoo.log')], {
    isWallTime: false,
    files: true,
    threads: true,
    stacks: true,
  })
  const shown = redacted(NAMES, redaction => redactProfile(profile, redaction))
  const text = JSON.stringify(shown)
  for (const name of ['strace-fixture', 'no.sock', 'zoo d', 'hi there']) {
    expect(JSON.stringify(profile)).toContain(name)
    expect(text).not.toContain(name)
  }
  expect(text).not.toContain(UNKNOWN_FORM)
  expect(shown.syscalls).toEqual(profile.syscalls)
  const codes = (found: typeof profile) => findings(found).map(({ code, severity }) => ({ code, severity }))
  expect(codes(shown)).toEqual(codes(profile))
  expect(new Set(shown.files!.map(({ name }) => name)).size).toBe(new Set(profile.files!.map(({ name }) => name)).size)
  const saved = [...documentPieces(profileDocument(shown, 'x'), [])].join('')
  expect(parseProfileJson(saved, 'x').files).toEqual(shown.files)
})

test('lines that were not understood are not quoted', () => {
  const shown = redacted(NAMES, redaction =>
    redactProfile(
      {
        meta: { backend: 'strace-log', host: 'web1', command: ['/opt/acme/run', '--key', 'x'] },
        syscalls: [],
        rejected: [{ reason: 'not a line of strace', lines: 1, firstLine: 7, quote: 'acme' }],
        warnings: [{ code: 'lines-skipped', message: '1 line of /srv/acme.log' }],
      },
      redaction,
    ),
  )
  expect(shown).toMatchObject({
    meta: { host: 'host1', command: ['/opt/n1xx/run', 'arg1', 'arg2'] },
    rejected: [{ quote: UNKNOWN_FORM, firstLine: 7, reason: 'not a line of strace' }],
    warnings: [{ message: '1 line of /srv/n1xx.log' }],
  })
})
