import { expect, test } from 'vitest'
import { unitTemplate } from './unit-template.ts'

test.each([
  ['nginx.service', 'nginx.service'],
  ['php8.2-fpm.service', 'php8.2-fpm.service'],
  ['web-1.service', 'web-1.service'],
  ['foo@123.service', 'foo@.service'],
  ['openvpn@client.a.service', 'openvpn@.service'],
  ['session-7.scope', 'session-*.scope'],
  ['session-c2.scope', 'session-*.scope'],
  ['run-r0123456789abcdef0123456789abcdef.service', 'run-*.service'],
  ['run-u42.scope', 'run-*.scope'],
  ['app-gnome-xterm-4711.scope', 'app-gnome-xterm-*.scope'],
  [`docker-${'0a'.repeat(32)}.scope`, 'docker-*.scope'],
  ['app-0f6a7a4c-1111-2222-3333-444455556666.service', 'app-*.service'],
])('%s is counted as %s', (unit, template) => {
  expect(unitTemplate(unit)).toBe(template)
})
