import { describe, expect, test } from 'vitest'
import { createPseudonyms } from './pseudonyms.ts'
import {
  redactAddresses,
  redactCgroup,
  redactCmdline,
  redactLink,
  redactName,
  redactPath,
  redactWords,
  type Redaction,
} from './words.ts'

const redaction = (): Redaction => ({
  pseudonyms: createPseudonyms(new Set()),
  hosts: ['web1.acme.example', 'web1'],
  users: ['alice'],
})

describe('words that name a site', () => {
  test.each([
    ['an address', 'to 8.8.8.8:53 and [2606:4700::1111]', 'to 192.0.2.1:53 and [2001:db8::1]'],
    ['a version is no address', 'nginx 1.2.3.4.5', 'nginx 1.2.3.4.5'],
    ['a hardware address', 'bond 52:54:00:12:34:56', 'bond 02:00:00:00:00:01'],
    ['host and user, in any case, whole words only', 'Alice@WEB1 malice web10', 'user1@host1 malice web10'],
    ['what is none of these', 'python3 -m http.server', 'python3 -m http.server'],
  ])('%s', (_, text, expected) => {
    expect(redactWords(text, redaction())).toBe(expected)
  })

  test('a long and a short name of one host agree', () => {
    const one = redaction()
    expect([redactName('web1', one), redactName('WEB1.acme.example', one)]).toEqual(['host1', 'host1.example'])
  })

  test('addresses alone', () => {
    expect(redactAddresses('*10.1.2.3 <-> 127.0.0.1', redaction().pseudonyms)).toBe('*10.0.0.1 <-> 127.0.0.1')
  })

  test.each([
    ['common folders and endings stay', '/run/acme/db.sock', '/run/n1xx/n1.sock'],
    ['numbers stay', '/tmp/X/12345', '/tmp/1/12345'],
    ['an autobound abstract name', '@00af3', '@00af3'],
    ['an abstract name', '@/tmp/acme', '@/tmp/n1xx'],
    ['a deleted file', '/srv/acme (deleted)', '/srv/n1xx (deleted)'],
    ['a device', '/dev/pts/4', '/dev/pts/4'],
  ])('paths: %s', (_, path, expected) => {
    expect(redactPath(path, redaction())).toBe(expected)
  })

  test.each([
    ['what the kernel names', 'socket:[1234]', false, 'socket:[1234]'],
    ['an anonymous inode', 'anon_inode:[eventpoll]', false, 'anon_inode:[eventpoll]'],
    ['a file', '/srv/acme/secret', false, '/srv/n1xx/n1xxxx'],
    ['a program keeps its own name', '/srv/acme/nginx', true, '/srv/n1xx/nginx'],
  ])('links: %s', (_, target, isProgram, expected) => {
    expect(redactLink(target, redaction(), isProgram)).toBe(expected)
  })

  test.each([
    ['the program stays, arguments do not', '/opt/acme/bin/srv\0--key\0abc\0', '/opt/n1xx/bin/srv\0arg1\0arg2\0'],
    ['the same argument is the same', 'a\0x\0x\0', 'a\0arg1\0arg1\0'],
    ['a title word by word', 'postgres: alice prod 10.1.2.3(5432) idle\0', 'postgres: arg1 arg2 arg3 arg4\0'],
  ])('command lines: %s', (_, cmdline, expected) => {
    expect(redactCmdline(cmdline, redaction())).toBe(expected)
  })

  test.each([
    ['a unit', '0::/system.slice/billing.service\n', '0::/system.slice/n1xxxxx.service\n'],
    ['a container', `4:memory:/docker/${'ab'.repeat(32)}\n`, `4:memory:/docker/00000001${'0'.repeat(56)}\n`],
  ])('control groups: %s', (_, text, expected) => {
    expect(redactCgroup(text, redaction())).toBe(expected)
  })
})
