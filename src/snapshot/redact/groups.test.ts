import { expect, test } from 'vitest'
import { redactDeviceGroups, redactGroups, redactHardwareAddress, redactIpv6Groups } from './groups.ts'
import { createPseudonyms } from '../../redact/pseudonyms.ts'

const pseudonyms = () => createPseudonyms(new Set())

test('groups of all hosts stay, those of a site do not', () => {
  const text = 'Idx\tDevice    : Count Querier\n4\teth0      :     2      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n'
  expect(redactGroups(text, true, pseudonyms())).toBe(text)
  expect(redactGroups('\t\t\t\t0A0B0CEF     2 0:00000000\t\t0\n', true, pseudonyms())).toBe(
    '\t\t\t\t0100FCE9     2 0:00000000\t\t0\n',
  )
  expect(redactGroups('\tEFFF\n', true, pseudonyms())).toBe('[redacted]\n')
})

test('groups of IPv6', () => {
  const row = (group: string) => `4    eth0            ${group}     1 00000004 0\n`
  expect(redactIpv6Groups(row('ff020000000000000000000000000001'), pseudonyms())).toBe(
    row('ff020000000000000000000000000001'),
  )
  expect(redactIpv6Groups(row('ff0200000000000000000001ff123456'), pseudonyms())).toBe(
    row('ff020db8000000000000000000000001'),
  )
})

test('hardware addresses of groups', () => {
  const row = (address: string) => `4    eth0            1     0     ${address}\n`
  expect(redactDeviceGroups(row('01005e000001'), pseudonyms())).toBe(row('01005e000001'))
  expect(redactDeviceGroups(row('333300000001'), pseudonyms())).toBe(row('333300000001'))
  expect(redactDeviceGroups(row('3333ff123456'), pseudonyms())).toBe(row('020000000001'))
  expect(redactDeviceGroups('4 eth0 secret\n', pseudonyms())).toBe('[redacted]\n')
})

test.each([
  ['52:54:00:12:34:56\n', '02:00:00:00:00:01\n'],
  ['00:00:00:00:00:00\n', '00:00:00:00:00:00\n'],
  ['\n', '\n'],
  ['80:00:02:08:fe:80:00:00\n', '[redacted]\n'],
])('the hardware address %j', (text, redacted) => {
  expect(redactHardwareAddress(text, pseudonyms())).toBe(redacted)
})
