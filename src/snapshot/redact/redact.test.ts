import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactSnapshot } from './redact.ts'
import { ALL_TABLES, readSocketTables } from '../../sockets/tables/read-tables.ts'
import { formatIp } from '../../kernel/ip-address.ts'
import { isInetRow } from '../../sockets/tables/socket-row.ts'
import { openSource } from '../../proc/open-source.ts'
import type { SourceMeta } from '../../proc/proc-source.ts'
import { emptyEntries, recordedProc, type RecordedEntries, type RecordedProc } from '../../proc/recorded-proc.ts'
import { snapshotText } from '../../proc/snapshot-format.ts'
import { ZOO } from '../../../test/support/paths.ts'
import { dumpOf, recordedDump } from '../../../test/support/socket-dump.ts'
import { socketsOfDump } from '../../sockets/diag/decode/sockets-of-dump.ts'

function entriesOf(files: Record<string, string>, links: Record<string, string> = {}): RecordedEntries {
  const entries = emptyEntries()
  for (const [path, text] of Object.entries(files)) entries.files.set(path, Buffer.from(text, 'latin1'))
  for (const [path, target] of Object.entries(links)) entries.links.set(path, target)
  return entries
}

const redactedText = (path: string, text: string, meta: SourceMeta = {}) =>
  redactSnapshot(meta, entriesOf({ [path]: text }))
    .entries.files.get(path)
    ?.toString('latin1')

/** Kind of an address, as an administrator reads it; what stands beside it must tell the same of the pseudonym. */
function kindOf(address: string): string {
  const inner = /^::ffff:(.*\..*)$/.exec(address)?.[1]
  if (inner !== undefined) return `mapped ${kindOf(inner)}`
  if (/^(0\.0\.0\.0|::|::1|127\..*|255\.255\.255\.255|224\.0\.0\..*|ff..::.{0,2}|fe80::|f[cd]00::)$/.test(address))
    return address
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)) return 'private'
  if (/^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address)) return 'shared'
  if (address.startsWith('169.254.')) return 'link-local'
  if (/^fe[89ab][0-9a-f]:/.test(address)) return 'link-local'
  if (/^f[cd]..:/.test(address)) return 'private'
  if (/^ff..:/.test(address)) return address.slice(0, 4)
  if (/^(22[4-9]|23\d)\./.test(address)) return 'multicast'
  return 'public'
}

/** Values replaced by the place of their first occurrence: two lists with equal patterns have equal joins. */
function patternOf(values: readonly unknown[]): number[] {
  const first = new Map<unknown, number>()
  return values.map((value, i) => {
    if (!first.has(value)) first.set(value, i)
    return first.get(value)!
  })
}

const rowsOf = (source: RecordedProc) =>
  readSocketTables(source, { tables: ALL_TABLES, littleEndian: source.meta.endian !== 'big', singleRead: true })

/** Socket rows without what redaction may change. */
function structureOf(source: RecordedProc) {
  const { rows, bogus, unixContinuations } = rowsOf(source)
  return {
    bogus: bogus.map(({ file, line }) => ({ file, line })),
    unixContinuations,
    rows: rows.map(row => {
      if (isInetRow(row)) return Object.assign(row, { localAddress: '', remoteAddress: '' })
      return row.table === 'unix' ? Object.assign(row, { path: row.path?.length }) : row
    }),
  }
}

function addressesOf(source: RecordedProc): string[] {
  return rowsOf(source).rows.flatMap(row => (isInetRow(row) ? [row.localAddress, row.remoteAddress] : []))
}

const asSource = (meta: SourceMeta, entries: RecordedEntries) => recordedProc('snapshot', 'test', meta, entries)

const ipv4 = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc
    .constantFrom(
      [192, 168, 1, 7],
      [10, 1, 2, 3],
      [172, 31, 0, 1],
      [169, 254, 3, 4],
      [192, 0, 2, 1],
      [192, 0, 2, 2],
      [10, 0, 0, 1],
    )
    .map(bytes => Uint8Array.from(bytes)),
  fc
    .constantFrom([0, 0, 0, 0], [127, 0, 0, 1], [255, 255, 255, 255], [224, 0, 0, 251])
    .map(bytes => Uint8Array.from(bytes)),
)
const ipv6 = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  ipv4.map(inner => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...inner])),
  fc
    .tuple(fc.constantFrom('fe80', 'fd12', '2001', 'ff02'), fc.uint8Array({ minLength: 14, maxLength: 14 }))
    .map(([prefix, rest]) => Uint8Array.from([...Buffer.from(prefix, 'hex'), ...rest])),
  fc
    .constantFrom('0'.repeat(32), `${'0'.repeat(31)}1`, `ff02${'0'.repeat(26)}fb`, '20010db8000000000000000000000001')
    .map(hex => new Uint8Array(Buffer.from(hex, 'hex'))),
)
const port = fc.integer({ min: 0, max: 65535 })

function inetLine(
  slot: number,
  local: Uint8Array,
  localPort: number,
  remote: Uint8Array,
  remotePort: number,
  swap: boolean,
): string {
  const hex = (bytes: Uint8Array) => {
    const copy = Buffer.from(bytes)
    return (swap ? copy.swap32() : copy).toString('hex').toUpperCase()
  }
  const end = (bytes: Uint8Array, port: number) => `${hex(bytes)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return `${String(slot).padStart(4)}: ${end(local, localPort)} ${end(remote, remotePort)} 01 00000000:00000000 00:00000000 00000000     0        0 ${slot + 900000} 1 00000000aabbccdd 20 4 30 10 -1\n`
}

describe('redactSnapshot', () => {
  test('keeps every join: equal addresses stay equal, different ones different, each of its kind', () => {
    const line = <T>(address: fc.Arbitrary<T>) => fc.tuple(address, port, address, port)
    fc.assert(
      fc.property(fc.array(line(ipv4)), fc.array(line(ipv6)), fc.boolean(), (v4, v6, little) => {
        const text = (lines: [Uint8Array, number, Uint8Array, number][]) =>
          `header\n${lines.map(([local, p, remote, q], i) => inetLine(i, local, p, remote, q, little)).join('')}`
        const meta: SourceMeta = { endian: little ? 'little' : 'big' }
        const source = asSource(meta, entriesOf({ 'net/tcp': text(v4), 'net/tcp6': text(v6) }))
        const result = redactSnapshot(meta, source.entries)
        const redacted = asSource(result.meta, result.entries)
        const [before, after] = [addressesOf(source), addressesOf(redacted)]
        expect(structureOf(redacted)).toEqual(structureOf(source))
        expect(patternOf(after)).toEqual(patternOf(before))
        expect(after.map(kindOf)).toEqual(before.map(kindOf))
        const told = new Set(
          before.filter(address => kindOf(address) !== address && !kindOf(address).includes('mapped')),
        )
        expect(after.filter(address => told.has(address))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('an IPv4 address and its mapped form stay the same address', () => {
    const inner = Uint8Array.from([198, 18, 7, 7])
    const mapped = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...inner])
    const { entries } = redactSnapshot(
      {},
      entriesOf({
        'net/tcp': `header\n${inetLine(0, inner, 1, inner, 2, true)}`,
        'net/tcp6': `header\n${inetLine(0, mapped, 1, mapped, 2, true)}`,
      }),
    )
    const [v4, , v6] = addressesOf(asSource({}, entries))
    expect(v6).toBe(`::ffff:${v4}`)
    expect(v4).not.toBe(formatIp(inner))
  })

  test('no name, address or argument of the original is left anywhere in the file', () => {
    const secret = fc.stringMatching(/^zq[a-z0-9]{8,14}$/)
    fc.assert(
      fc.property(fc.uniqueArray(secret, { minLength: 12, maxLength: 12 }), ipv4.filter(isTold), (secrets, address) => {
        const [host, user, folder, file, arg, option, abstract, unit, title, domain, link, dotted] = secrets as [
          string,
          ...string[],
        ]
        const ip = formatIp(address)
        const meta: SourceMeta = {
          host: `${host}.${domain}.example`,
          users: { '0': 'root', '1000': user! },
          endian: 'little',
        }
        const result = redactSnapshot(
          meta,
          entriesOf(
            {
              version: `Linux version 6.1 (${user}@${host}) (gcc)\n`,
              '1/cmdline': `/opt/${folder}/bin/prog\0--key=${arg}\0${option}\0${ip}\0\0`,
              '2/cmdline': `prog: ${title} ${user}@${ip}\0`,
              '3/cmdline': `/srv/${folder} ${file}/prog ${arg}\0`,
              '1/comm': `x-${host}\n`,
              '1/stat': `1 (w ${user}) S 1`,
              '1/status': `Name:\t${ip}\nUid:\t1000\n`,
              '1/cgroup': `0::/system.slice/${unit}.service/user@1000.service\n`,
              'net/unix': `Num\n0000000000000001: 00000002 00000000 00010000 0001 01 5 /run/${folder}/${dotted}.sock\n0000000000000002: 00000002 00000000 00010000 0001 01 6 @${abstract}\n${file} continued\n`,
              'net/tcp': `header\n${inetLine(0, address, 1, address, 2, true)}garbage ${secrets[3]} ${ip}\n`,
              'net/sctp/eps': ` ENDPT SOCK STY SST HBKT LPORT UID INODE LADDRS\n 0 0 2 10 29 1234 0 99 ${ip}\n`,
              'net/route': `Iface\tDestination\tGateway\nlo\t${Buffer.from(address).swap32().toString('hex').toUpperCase()}\t00000000\n`,
              '1/fdinfo/5': `UserFiles:\t1\n    0: /srv/${folder}/${file}\n`,
              'self/environ': `SECRET=${arg}`,
            },
            {
              '1/exe': `/home/${user}/${folder}/prog (deleted)`,
              '1/fd/3': `/srv/${link}/${file}`,
              '1/fd/4': 'socket:[5]',
            },
          ),
        )
        const text = [...snapshotText(result.meta, result.entries)].join('')
        for (const value of secrets) expect(text).not.toContain(value)
        const hex = Buffer.from(address).swap32().toString('hex').toUpperCase()
        expect(text.split(/[^0-9A-F]/)).not.toContain(hex)
        expect(text.split(/[^0-9.]/)).not.toContain(ip)
        expect(result.meta).toMatchObject({ host: 'host1.example', redacted: true, users: { '0': 'root' } })
        expect(result.entries.links.get('1/fd/4')).toBe('socket:[5]')
        expect(result.entries.links.get('1/exe')).toMatch(/\/prog \(deleted\)$/)
      }),
      { numRuns: 200 },
    )
  })

  const CASES: [string, string, string, string][] = [
    [
      'arguments, the same one by the same pseudonym',
      '1/cmdline',
      '/usr/bin/curl\0-s\0http://a\0-s\0',
      '/usr/bin/curl\0arg1\0arg2\0arg1\0',
    ],
    ['a title word by word', '1/cmdline', 'nginx: master process /usr/sbin/nginx\0', 'nginx: arg1 arg2 arg3\0'],
    ['an empty command line', '1/cmdline', '\0\0\0', '\0\0\0'],
    ['a program below a folder of somebody', '1/cmdline', '/home/ann/bin/run me\0', '/home/n1x/bin/run arg1\0'],
    ['addresses in a name', '1/comm', 'w-10.1.2.3\n', 'w-10.0.0.1\n'],
    ['an IPv6 address in a name', '1/comm', '[fe80::42:1]\n', '[fe80::1]\n'],
    ['a hardware address in a name', '1/comm', 'a0:b1:c2:d3:e4:f5\n', '02:00:00:00:00:01\n'],
    ['a version that is no address', '1/comm', 'python3.11.7\n', 'python3.11.7\n'],
    [
      'groups of interfaces',
      'net/igmp',
      '1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n2\teth0      :     1      V3\n\t\t\t\t0A0B0CEF     1 0:00000000\t\t0\n',
      '1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n2\teth0      :     1      V3\n\t\t\t\t0100FCE9     1 0:00000000\t\t0\n',
    ],
    [
      'the hardware address of an interface',
      'sys/class/net/eth0/address',
      '52:54:00:12:34:56\n',
      '02:00:00:00:00:01\n',
    ],
    ['another setting of an interface', 'sys/class/net/eth0/mtu', '1500\n', '1500\n'],
    ['a container', '1/cgroup', `0::/docker/${'ab'.repeat(32)}\n`, `0::/docker/00000001${'0'.repeat(56)}\n`],
    [
      'a pod',
      '1/cgroup',
      `4:memory:/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod0a1b2c3d_1111_2222_3333_444455556666.slice/cri-containerd-${'cd'.repeat(32)}.scope\n`,
      `4:memory:/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod00000001_0000_0000_0000_000000000000.slice/cri-containerd-00000001${'0'.repeat(56)}.scope\n`,
    ],
    [
      'a session',
      '1/cgroup',
      '0::/user.slice/user-1000.slice/session-3.scope\n',
      '0::/user.slice/user-1000.slice/session-3.scope\n',
    ],
    ['a unit', '1/cgroup', '0::/system.slice/billing.service\n', '0::/system.slice/n1xxxxx.service\n'],
    [
      'an interface address',
      'net/if_inet6',
      'fe8000000000000056e1adfffe7c6609 02 40 20 80     eth0\n',
      'fe800000000000000000000000000001 02 40 20 80     eth0\n',
    ],
    [
      'a route, its mask as it is',
      'net/route',
      'Iface\tDestination\tGateway\tFlags\teth0\neth0\t0001A8C0\t0101A8C0\t0003\t0\t0\t0\t00FFFFFF\n',
      'Iface\tDestination\tGateway\tFlags\teth0\neth0\t0100000A\t0200000A\t0003\t0\t0\t0\t00FFFFFF\n',
    ],
    [
      'an IPv6 route',
      'net/ipv6_route',
      `20010db8aaaa0000${'0'.repeat(16)} 40 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00000100 eth0\n`,
      `20010db8${'0'.repeat(23)}1 40 ${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00000100 eth0\n`,
    ],
    ['what names no one', 'net/sockstat', 'sockets: used 149\n', 'sockets: used 149\n'],
  ]

  test.each(CASES)('%s', (_, path, text, expected) => {
    expect(redactedText(path, text)).toBe(expected)
  })

  test('a table cut off at its head tells no more than a whole one', () => {
    const address = Uint8Array.from([8, 8, 4, 4])
    expect(redactedText('net/tcp', inetLine(0, address, 1, address, 2, true))).not.toContain('04040808')
    expect(
      redactedText('net/unix', '0000000000000001: 00000002 00000000 00010000 0001 01 5 /srv/secret'),
    ).not.toContain('secret')
  })

  test('a file it does not know is left out', () => {
    expect(redactedText('1/environ', 'A=b')).toBeUndefined()
    expect(redactedText('net/ip_vs_conn', 'TCP C0A80107')).toBeUndefined()
  })

  test('the host by both its names, in any case', () => {
    const meta = { host: 'Web1.acme.example' }
    expect(redactedText('1/comm', 'WEB1: x\n', meta)).toBe('host1: x\n')
    expect(redactSnapshot(meta, emptyEntries()).meta.host).toBe('host1.example')
  })

  test('users of every id, apart from the accounts that every system has', () => {
    const users = { 0: 'root', 33: 'www-data', 450: 'acmesvc', 1000: 'alice', 1001: 'postgres', 65534: 'nobody' }
    const meta = { users }
    const redacted = redactSnapshot(meta, emptyEntries()).meta.users!
    expect(redacted).toMatchObject({ 0: 'root', 33: 'www-data', 65534: 'nobody' })
    expect(JSON.stringify(redacted)).not.toMatch(/acmesvc|alice|postgres/)
    expect(redactedText('1/comm', 'acmesvc-worker\n', meta)).toBe('user1-worker\n')
  })

  test('a host without a name of its own keeps it', () => {
    expect(redactSnapshot({ host: 'localhost' }, emptyEntries()).meta.host).toBe('localhost')
    expect(redactedText('1/comm', 'localhost\n', { host: 'localhost' })).toBe('localhost\n')
  })

  test('large sites keep their addresses apart', () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      inetLine(i, Uint8Array.from([8, 8, i >> 8, i & 255]), 1, Uint8Array.from([10, 9, i >> 8, i & 255]), 2, true),
    )
    const { entries } = redactSnapshot({}, entriesOf({ 'net/tcp': `header\n${lines.join('')}` }))
    const after = addressesOf(asSource({}, entries))
    expect(new Set(after).size).toBe(6000)
    expect(after.filter(address => kindOf(address) === 'private').length).toBe(3000)
  })

  test('the zoo keeps its structure, forged rows and continued names included', async () => {
    const source = (await openSource(ZOO, undefined)) as RecordedProc
    const result = redactSnapshot(source.meta, source.entries)
    const redacted = asSource(result.meta, result.entries)
    expect(structureOf(redacted)).toEqual(structureOf(source))
    expect(patternOf(addressesOf(redacted))).toEqual(patternOf(addressesOf(source)))
    expect(addressesOf(redacted).map(kindOf)).toEqual(addressesOf(source).map(kindOf))
    expect([...result.entries.files.keys()]).toEqual([...source.entries.files.keys()])
    const sockets = (links: Map<string, string>) => [...links].filter(([, target]) => target.startsWith('socket:'))
    expect(sockets(result.entries.links)).toEqual(sockets(source.entries.links))
  })
})

function isTold(address: Uint8Array): boolean {
  const text = formatIp(address)
  return kindOf(text) !== text
}

describe("the kernel's own answers", () => {
  const FAMILIES = ['tcp', 'tcp6', 'udp', 'udp6', 'unix', 'packet', 'netlink'] as const

  test('keep every join with the tables beside them', () => {
    const source = entriesOf({
      'net/tcp': `header\n${inetLine(0, Uint8Array.from([10, 9, 0, 1]), 22, Uint8Array.from([10, 9, 0, 2]), 7000, true)}`,
      'net/unix': `Num RefCount Protocol Flags Type St Inode Path\n0000000000000001: 00000002 00000000 00010000 0001 01 5 /srv/zoo-s/app.sock\n`,
    })
    for (const family of FAMILIES) source.files.set(`diag/${family}`, recordedDump(family))
    source.files.set('diag/tipc', Buffer.from('not known'))
    const { entries } = redactSnapshot({ endian: 'little' }, source)
    const bytes = Buffer.concat([...entries.files.values()]).toString('latin1')
    expect(bytes).not.toContain('zoo-s')
    expect(bytes).not.toContain('\n\x09\x00\x02')
    expect(entries.files.has('diag/tipc')).toBe(false)

    const tables = rowsOf(asSource({ endian: 'little' }, entries)).rows
    const table = tables.find(isInetRow)
    const dumps = FAMILIES.flatMap(family => socketsOfDump(dumpOf(family, entries.files.get(`diag/${family}`))).rows)
    const ssh = dumps.filter(isInetRow).find(({ localPort, state }) => localPort === 22 && state === 10)!
    expect(ssh.localAddress).toBe(table!.localAddress)
    const paths = dumps.flatMap(row => (row.table === 'unix' ? [row.path] : []))
    expect(paths).toContain(tables.flatMap(row => (row.table === 'unix' ? [row.path] : []))[0])
    expect(dumps.filter(isInetRow).filter(row => /^10\.9\.|^fd09/.test(row.localAddress))).toEqual([])
  })
})
