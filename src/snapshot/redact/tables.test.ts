import { describe, expect, test } from 'vitest'
import { TCP_HEADER, UNIX_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { createPseudonyms } from '../../redact/pseudonyms.ts'
import { redactInetTable, redactInterfaceAddresses, redactIpv6Routes, redactRoutes, redactUnixTable } from './tables.ts'

const pseudonyms = () => createPseudonyms(new Set())
const row = (local: string) => tcpRow({ local: `${local}:1F90` })

describe('tables without what names a site', () => {
  test('rows of tcp: both addresses in the byte order of the machine, all else as it is', () => {
    // 8.12.11.10 of a little-endian machine, 10.11.12.8 of a big-endian one.
    expect(redactInetTable(TCP_HEADER + row('0A0B0C08'), true, pseudonyms())).toBe(TCP_HEADER + row('010200C0'))
    expect(redactInetTable(TCP_HEADER + row('0A0B0C08'), false, pseudonyms())).toBe(TCP_HEADER + row('0A000001'))
  })

  test('a line of another form is not believed, a missing last newline stays missing', () => {
    expect(redactInetTable(`${TCP_HEADER}secret.example 1 2\n${row('0A0B0C08').trimEnd()}`, true, pseudonyms())).toBe(
      `${TCP_HEADER}[redacted]\n${row('010200C0').trimEnd()}`,
    )
  })

  test('names of unix sockets, and the lines that continue them', () => {
    const entry = '00000000aaaaaaaa: 00000002 00000000 00010000 0001 01 500302'
    const text = `${UNIX_HEADER}${entry} /run/acme/db.sock\n${entry}\n${entry} @acme\nand more\n`
    expect(redactUnixTable(text, { pseudonyms: pseudonyms(), hosts: [], users: [] })).toBe(
      `${UNIX_HEADER}${entry} /run/n1xx/n1.sock\n${entry}\n${entry} @n1xx\nn1x n2xx\n`,
    )
  })

  test('addresses of interfaces are in network order', () => {
    const line = (address: string) => `${address} 02 40 20 80     eth0\n`
    expect(redactInterfaceAddresses(line('26064700000000000000000000001111'), pseudonyms())).toBe(
      line('20010db8000000000000000000000001'),
    )
  })

  test('routes: destination and gateway, the mask stays', () => {
    const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n'
    const line = (to: string, by: string) => `eth0\t${to}\t${by}\t0003\t0\t0\t0\t00FFFFFF\n`
    expect(redactRoutes(head + line('00000000', '0A0B0C08'), true, pseudonyms())).toBe(
      head + line('00000000', '010200C0'),
    )
    const six = (to: string) => `${to} 40 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00000400 1 0 1 eth0\n`
    expect(redactIpv6Routes(six('26064700000000000000000000001111'), pseudonyms())).toBe(
      six('20010db8000000000000000000000001'),
    )
  })

  test('a column that is no address is not believed', () => {
    expect(redactInterfaceAddresses('secret 02 40\n', pseudonyms())).toBe('[redacted] 02 40\n')
  })
})
