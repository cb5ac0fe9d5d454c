import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { chosenTables } from '../rules/selection.ts'
import { collectSockets } from '../read.ts'
import { NUMERIC } from '../names/names.ts'
import { compatLines, compatRemarks } from './compat.ts'
import { openSource } from '../../proc/open-source.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { procOf, TCP_HEADER, tcpRow } from '../../../test/support/fake-proc.ts'
import { look } from '../../../test/support/look-at-sockets.ts'
import { fixture } from '../../../test/support/paths.ts'

/** Trees and where real netstat's output over each of them is kept. */
const TREES = {
  zoo: 'zoo.proc.tar',
  somo: 'netstat/somo/proc.tar',
  prometheus: 'netstat/prometheus/proc.tar',
}

/** What the letters of a bundle like `-anpeeoW` stand for. */
function optionsOf(letters: string) {
  const has = (letter: string) => letters.includes(letter)
  const choice = {
    tcp: has('t'),
    udp: has('u'),
    udplite: has('U'),
    sctp: has('S'),
    raw: has('w'),
    unix: has('x'),
    packet: false,
    netlink: false,
    ipv4: has('4'),
    ipv6: has('6'),
  }
  const tables = chosenTables(choice).filter(table => !table.startsWith('icmp'))
  return {
    tables,
    all: has('a'),
    listening: has('l') && !has('a'),
    extend: has('e'),
    programs: has('p'),
    timers: has('o'),
    wide: has('W'),
    sections: { inet: tables.some(table => table !== 'unix'), unix: tables.includes('unix') },
  }
}

/** Real netstat printed control characters raw; a newline in a name broke its line in two. */
const withDots = (text: string) =>
  text.replaceAll('evil\x1b[31mRED\nlin', 'evil\x1b[31mRED.lin').replaceAll(/[\x00-\x09\x0b-\x1f\x7f]/g, '.')

/** netstat names the process that the file system listed first; when the goldens were made, that was 63 before 11. */
function asListedThen(source: ProcSource): ProcSource {
  return {
    ...source,
    list: path => {
      const names = source.list(path)
      return path === '' ? ['63', ...names.filter(name => name !== '63')] : names
    },
  }
}

describe.each(Object.entries(TREES))('netstat over the tree %s', (tree, path) => {
  const folder = fixture(`netstat/${tree}`)
  const goldens = readdirSync(folder).filter(file => file.endsWith('.out'))
  let source: ProcSource
  beforeAll(async () => {
    source = asListedThen(await openSource(fixture(path), undefined))
  })

  test('has goldens', () => expect(goldens.length).toBeGreaterThan(10))

  test.each(goldens)('%s', file => {
    const options = optionsOf(/^netstat-(\w+)\.out$/.exec(file)![1]!)
    const report = collectSockets(source, {
      tables: options.tables,
      selection: { all: options.all, listening: options.listening, ports: [] },
      owners: options.programs ? 'name' : undefined,
      singleRead: true,
    })
    const lines = [
      ...compatLines(report.sockets, { ...options, numericHosts: true, header: true, names: NUMERIC, userHz: 100 }),
    ]
    expect(lines.join('')).toBe(withDots(readFileSync(join(folder, file), 'latin1')))

    const errors = readdirSync(folder).includes(file.replace('.out', '.err'))
      ? readFileSync(join(folder, file.replace('.out', '.err')), 'latin1')
      : undefined
    if (errors !== undefined)
      expect(compatRemarks({ ...report.tables, denied: undefined })).toBe(errors.replace(/rc=\d+\n?/, ''))
  })
})

test('an IPv4 address in tcp6 has the name that is known with its prefix, as netstat leaves the hosts file out', () => {
  const mapped = `${'0'.repeat(16)}FFFF00000100007F`
  const source = procOf({
    files: {
      'net/tcp': TCP_HEADER + tcpRow({ remote: '0100007F:D431', state: '01' }),
      'net/tcp6': TCP_HEADER + tcpRow({ local: `${mapped}:1F90`, remote: `${mapped}:D431`, state: '01', inode: '9' }),
    },
  })
  const names = { ...NUMERIC, host: (address: string) => (address === '127.0.0.1' ? 'localhost' : undefined) }
  const { sockets } = look(source, ['tcp', 'tcp6'])
  const options = { ...optionsOf('at'), numericHosts: false, header: false, names, userHz: 100 }
  expect([...compatLines(sockets, options)].map(line => line.split(/ +/)[3])).toEqual([
    'localhost:8080',
    '127.0.0.1:8080',
  ])
})
