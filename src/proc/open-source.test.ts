import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { recordSnapshot } from '../snapshot/record.ts'
import { InputError, SourceReadError } from '../errors.ts'
import { openLiveProc } from './live-proc.ts'
import { openSource } from './open-source.ts'
import type { ProcSource } from './proc-source.ts'
import { emptyEntries, type RecordedEntries } from './recorded-proc.ts'
import { makeTar, type TarEntry } from '../../test/support/make-tar.ts'
import { writeTree } from '../../test/support/make-tree.ts'
import { fixture, ZOO } from '../../test/support/paths.ts'
import { needs } from '../../test/support/needs.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'

const ZOO_TAR = fixture('zoo.proc.tar')

const open = (path: string) => openSource(path, undefined)

/** All that the commands read of a source, in an order of its own: folders are listed in different ones. */
function contentOf(source: ProcSource) {
  const { entries } = recordSnapshot(source)
  const sorted = <T>(map: Map<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
  return { files: sorted(entries.files), links: sorted(entries.links), errors: sorted(entries.errors) }
}

const zoo = await open(ZOO_TAR)
const zooEntries = recordSnapshot(zoo).entries
const zooContent = contentOf(zoo)

function tarEntriesOf({ files, links }: RecordedEntries, prefix: string): TarEntry[] {
  return [
    ...[...files].map(([path, content]) =>
      path.endsWith('/') ? { name: prefix + path, type: 'folder' as const } : { name: prefix + path, content },
    ),
    ...[...links].map(([path, target]) => ({ name: prefix + path, type: 'symlink' as const, target })),
  ]
}

const errnoAt = (read: () => unknown): string | undefined => {
  try {
    read()
    return undefined
  } catch (error) {
    return (error as SourceReadError).code
  }
}

describe('the same recording in every form', () => {
  const FORMS: [string, (folder: string) => string][] = [
    ['snapshot', () => ZOO],
    [
      'gzipped snapshot, whatever its name',
      folder => {
        writeFileSync(join(folder, 'zoo.txt'), gzipSync(readFileSync(ZOO)))
        return join(folder, 'zoo.txt')
      },
    ],
    [
      'gzipped archive',
      folder => {
        writeFileSync(join(folder, 'zoo.tgz'), gzipSync(readFileSync(ZOO_TAR)))
        return join(folder, 'zoo.tgz')
      },
    ],
    [
      'folder shaped like /proc',
      folder => {
        writeTree(folder, zooEntries)
        return folder
      },
    ],
    [
      'folder that holds proc/',
      folder => {
        writeTree(join(folder, 'proc'), zooEntries)
        return folder
      },
    ],
    [
      'folder in which version control wrote links as plain files',
      folder => {
        writeTree(folder, zooEntries, 'files')
        return folder
      },
    ],
    [
      'archive of the content of /proc',
      folder => {
        writeFileSync(join(folder, 'a.tar'), makeTar(tarEntriesOf(zooEntries, './')))
        return join(folder, 'a.tar')
      },
    ],
    [
      'archive in which links are plain files',
      folder => {
        const entries = tarEntriesOf(zooEntries, 'proc/').map(({ name, type, content, target }) =>
          type === 'symlink'
            ? { name, content: target! }
            : { name, ...(type && { type }), ...(content && { content }) },
        )
        writeFileSync(join(folder, 'a.tar'), makeTar(entries))
        return join(folder, 'a.tar')
      },
    ],
    [
      'proc/ one level down in a larger archive, as in a sosreport',
      folder => {
        const others = [
          { name: 'sosreport-web1/etc/hosts', content: '127.0.0.1 localhost\n' },
          { name: 'sosreport-web1/sos_commands/networking/proc/net/tcp', content: 'not this one\n' },
          { name: 'sosreport-web1/proc/cpuinfo', content: 'processor : 0\n' },
        ]
        const entries = [...others, ...tarEntriesOf(zooEntries, 'sosreport-web1/proc/')]
        writeFileSync(join(folder, 'sosreport.tar.gz'), gzipSync(makeTar(entries)))
        return join(folder, 'sosreport.tar.gz')
      },
    ],
    [
      'archive whose net is a link, as in /proc itself',
      folder => {
        const moved = tarEntriesOf(zooEntries, 'proc/').map(entry =>
          entry.name.startsWith('proc/net/')
            ? Object.assign(entry, { name: entry.name.replace('/net/', '/4242/net/') })
            : entry,
        )
        const links: TarEntry[] = [
          { name: 'proc/self', type: 'symlink', target: '4242' },
          { name: 'proc/net', type: 'symlink', target: 'self/net' },
        ]
        writeFileSync(join(folder, 'a.tar'), makeTar([...links, ...moved]))
        return join(folder, 'a.tar')
      },
    ],
  ]

  test.each(FORMS)('%s', async (_, make) => {
    const source = await open(make(temporaryFolder()))
    expect(contentOf(source)).toEqual(zooContent)
    expect(source.list('net').sort()).toEqual(zoo.list('net').sort())
  })

  test('the zoo holds what its description says', () => {
    expect(zooContent.files.length).toBe(100)
    expect(zoo.readLink('11/fd/3')).toBe('socket:[499654]')
    expect(zoo.readFile('11/comm').toString()).toBe('python3\n')
  })
})

describe('bytes are kept', () => {
  const entries = emptyEntries()
  entries.files.set('net/unix', Buffer.from('Num\n\xff\xfe\x1b[31m \0 é\n', 'latin1'))
  entries.files.set('7/comm', Buffer.from('\xe9\n', 'latin1'))
  entries.links.set('7/exe', '/opt/\xff\xfe/caf\xc3\xa9 (deleted)')
  entries.links.set('7/fd/\xfe', 'socket:[18446744073709551615]')
  entries.links.set('7/cwd', `/${'long\xff/'.repeat(40)}`)

  test.each(['tree', 'tar', 'snapshot'])('in a %s', async kind => {
    const folder = temporaryFolder()
    const path = join(folder, kind)
    if (kind === 'tree') writeTree(path, entries)
    if (kind === 'tar') writeFileSync(path, makeTar(tarEntriesOf(entries, 'proc/')))
    if (kind === 'snapshot') {
      const { snapshotText } = await import('./snapshot-format.ts')
      writeFileSync(path, [...snapshotText({}, entries)].join(''))
    }
    const source = await open(path)
    expect(source.kind).toBe(kind)
    for (const [name, content] of entries.files) expect(source.readFile(name)).toEqual(content)
    for (const [name, target] of entries.links) expect(source.readLink(name)).toBe(target)
    expect(source.list('7/fd')).toEqual(['\xfe'])
  })
})

describe('a bare folder of tables', () => {
  test('stands for net/', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'tcp'), 'the table')
    const source = await open(folder)
    expect(source.readFile('net/tcp').toString()).toBe('the table')
    expect(source.list('net')).toEqual(['tcp'])
    expect(errnoAt(() => source.readFile('net/udp'))).toBe('ENOENT')
  })
})

describe('what cannot be read', () => {
  test('fails with the name of the system error', needs('mkfifo'), async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'net'))
    execFileSync('mkfifo', [join(folder, 'net/tcp')])
    symlinkSync('udp', join(folder, 'net/udp'))
    const source = await open(folder)
    expect(errnoAt(() => source.readFile('net/tcp'))).toBe('EINVAL')
    expect(errnoAt(() => source.readFile('net/udp'))).toBe('ELOOP')
    expect(errnoAt(() => source.readFile('net/raw'))).toBe('ENOENT')
    expect(errnoAt(() => source.readFile('net'))).toBe('EISDIR')
    expect(errnoAt(() => source.readLink('net'))).toBe('EINVAL')
    expect(errnoAt(() => source.list('1/fd'))).toBe('ENOENT')
  })

  test('links of an archive in a circle end', async () => {
    const path = join(temporaryFolder(), 'a.tar')
    const entries: TarEntry[] = [
      { name: 'proc/net', type: 'symlink', target: 'self' },
      { name: 'proc/self', type: 'symlink', target: 'net' },
      { name: 'proc/1/comm', content: 'init\n' },
    ]
    writeFileSync(path, makeTar(entries))
    const source = await open(path)
    expect(errnoAt(() => source.readFile('net/tcp'))).toBe('ENOENT')
    expect(errnoAt(() => source.list('net'))).toBe('ENOENT')
  })

  test('names that leave the archive are nothing of /proc', async () => {
    const path = join(temporaryFolder(), 'a.tar')
    const entries: TarEntry[] = [
      { name: '/proc/net/tcp', content: 'absolute' },
      { name: 'proc/net/../../etc/passwd', content: 'up' },
      { name: '../proc/net/udp', content: 'up' },
      { name: 'proc/net/raw', type: 'link', target: 'proc/net/tcp' },
      { name: 'proc/net/icmp', type: 'symlink', target: '../../../etc/passwd' },
    ]
    writeFileSync(path, makeTar(entries))
    const source = await open(path)
    expect(source.list('net').sort()).toEqual(['icmp', 'raw', 'tcp'])
    expect(source.readFile('net/raw').toString()).toBe('absolute')
  })
})

describe('bad inputs', () => {
  const snapshot = readFileSync(ZOO)
  const CASES: [string, string, Buffer | string, RegExp][] = [
    ['empty', 'input-format', '', /is empty$/],
    ['empty, gzipped', 'input-format', gzipSync(''), /is empty$/],
    ['no JSON', 'input-format', 'hello\x1b[31m', /neither a snapshot nor a tar archive/],
    ['truncated JSON', 'input-format', snapshot.subarray(0, 5000), /is not whole/],
    ['truncated gzip', 'input-unreadable', gzipSync(snapshot).subarray(0, 5000), /unexpected end of file/],
    ['only the mark of gzip', 'input-format', Buffer.from([0x1f, 0x8b]), /is empty$/],
    ['garbage after the mark of gzip', 'input-unreadable', '\x1f\x8bgarbage', /could not be read/],
    ['other JSON', 'input-format', '{"a":1}', /its schema is missing, expected linsight\/snapshot\/1/],
    ['JSON that is no object', 'input-format', '[1]', /neither a snapshot nor a tar archive/],
    ['a snapshot cut in a word', 'input-format', '{"schema":"linsight/snap', /is not whole: its JSON breaks off/],
    [
      'a stream',
      'input-format',
      '{"schema":"linsight/top/1"}\n{"schema":"linsight/top/1"}\n',
      /a stream of linsight\/top\/1/,
    ],
    ['a later schema', 'input-format', '{"schema":"linsight/snapshot/2"}', /its schema is linsight\/snapshot\/2/],
    ['files that are none', 'input-format', '{"schema":"linsight/snapshot/1","files":[]}', /files is no object/],
    [
      'a file that is a number',
      'input-format',
      '{"schema":"linsight/snapshot/1","files":{"net/tcp":1}}',
      /files of net\/tcp/,
    ],
    [
      'a link that is null',
      'input-format',
      '{"schema":"linsight/snapshot/1","links":{"1/exe":null}}',
      /links of 1\/exe/,
    ],
    [
      'a wrong byte order',
      'input-format',
      '{"schema":"linsight/snapshot/1","meta":{"endian":"middle"}}',
      /endian of meta/,
    ],
    ['no ticks in a second', 'input-format', '{"schema":"linsight/snapshot/1","meta":{"userHz":0}}', /userHz of meta/],
    [
      'a time that is none',
      'input-format',
      '{"schema":"linsight/snapshot/1","meta":{"takenAt":"soon"}}',
      /takenAt of meta/,
    ],
    ['truncated tar', 'input-format', readFileSync(ZOO_TAR).subarray(0, 10_000), /as a tar archive: Unexpected end/],
    ['damaged tar', 'input-format', damaged(readFileSync(ZOO_TAR)), /as a tar archive: Invalid tar header/],
    ['tar of something else', 'input-format', makeTar([{ name: 'etc/hosts', content: 'x' }]), /holds no proc\/ folder/],
    ['xz', 'input-format', '\xfd7zXZ\0\0', /compressed with xz/],
  ]

  test.each(CASES)('%s', async (_, code, content, message) => {
    const path = join(temporaryFolder(), 'input')
    writeFileSync(path, typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
    const error: unknown = await open(path).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).code).toBe(code)
    expect((error as InputError).exit).toBe(4)
    expect((error as InputError).message).toMatch(message)
  })

  test('a path where nothing is', async () => {
    await expect(open('/no/such/recording')).rejects.toMatchObject({ code: 'input-missing', exit: 4 })
  })

  test('a folder of something else', async () => {
    await expect(open(temporaryFolder())).rejects.toMatchObject({ code: 'input-format' })
  })

  function damaged(tar: Buffer): Buffer {
    const copy = Buffer.from(tar)
    // The name in the second header: its checksum no longer fits.
    const second = 512 + Math.ceil(Number.parseInt(tar.toString('latin1', 124, 135), 8) / 512) * 512
    copy.write('broken', second)
    return copy
  }
})

test('a mark that an editor put in front of a snapshot is passed over', async () => {
  const path = join(temporaryFolder(), 'marked.json')
  writeFileSync(path, Buffer.concat([Buffer.from('\ufeff'), readFileSync(ZOO)]))
  expect((await openSource(path, undefined)).meta.host).toBe('zoo')
})

test('input without an end is refused at its beginning', needs('Linux'), async () => {
  const before = process.memoryUsage().rss
  await expect(openSource('/dev/zero', undefined)).rejects.toMatchObject({ code: 'input-format', exit: 4 })
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
})

test('links that lead out of a folder are not followed', needs('Linux'), async () => {
  const around = temporaryFolder()
  const folder = join(around, 'dir')
  mkdirSync(join(folder, '1'), { recursive: true })
  mkdirSync(join(folder, 'net'))
  writeFileSync(join(around, 'secret'), 'secret')
  symlinkSync(join(around, 'secret'), join(folder, '1/cmdline'))
  symlinkSync('../../secret', join(folder, 'net/tcp'))
  symlinkSync('/proc/self', join(folder, '2'))
  const source = await openSource(folder, undefined)
  expect(errnoAt(() => source.readFile('1/cmdline'))).toBe('ENOENT')
  expect(errnoAt(() => source.readFile('net/tcp'))).toBe('ENOENT')
  expect(errnoAt(() => source.list('2'))).toBe('ENOENT')
  expect(source.readLink('1/cmdline')).toBe(join(around, 'secret'))
  symlinkSync('/proc', join(around, 'proc'))
  await expect(openSource(around, undefined)).rejects.toMatchObject({ code: 'input-format' })
})

describe('byte order', () => {
  test('is that of the recording, which --endian never overrules', async () => {
    expect((await openSource(ZOO, undefined)).meta.endian).toBe('little')
    expect((await openSource(ZOO, 'little')).meta.endian).toBe('little')
    await expect(openSource(ZOO, 'big')).rejects.toThrow(/says that its machine is little-endian$/)
    expect((await openSource(ZOO_TAR, undefined)).meta.endian).toBeUndefined()
    expect((await openSource(ZOO_TAR, 'big')).meta.endian).toBe('big')
  })

  test('this machine tells its own', async () => {
    await expect(openSource(undefined, 'big')).rejects.toThrow('--endian is for recordings')
  })
})

test('an empty name is not this machine', async () => {
  await expect(openSource('', undefined)).rejects.toThrow('the name of the recording is empty')
})

test('an archive of two machines says which one is read', async () => {
  const one = tarEntriesOf({ ...emptyEntries(), files: new Map([['net/tcp', Buffer.from('a')]]) }, 'web1/proc/')
  const two = tarEntriesOf({ ...emptyEntries(), files: new Map([['net/tcp', Buffer.from('b')]]) }, 'web2\x1b/proc/')
  const path = join(temporaryFolder(), 'two.tar')
  writeFileSync(path, makeTar([...one, ...two]))
  const source = await open(path)
  expect(source.readFile('net/tcp').toString()).toBe('a')
  expect(source.remarks).toEqual([
    {
      code: 'archive-others',
      message: `the archive ${path} holds 2 folders shaped like /proc: web1/proc is read, web2\x1b/proc is not`,
      hint: 'unpack it and point --from at the folder that is wanted',
    },
  ])
  expect(zoo.remarks).toBeUndefined()
})

describe('the live /proc', () => {
  test.each([
    ['is not mounted', {}, '/proc is not mounted here'],
    ['belongs to other pids', { '12/stat': '' }, '/proc is that of another pid namespace'],
  ])('%s: an error, not an empty machine', (_, files, message) => {
    const root = temporaryFolder()
    for (const path of Object.keys(files)) {
      mkdirSync(join(root, path, '..'), { recursive: true })
      writeFileSync(join(root, path), '')
    }
    expect(() => openLiveProc({ root })).toThrow(message)
    expect(() => openLiveProc({ root: join(root, 'nothing') })).toThrow('/proc is not mounted here')
  })
})

describe('a recording in memory', () => {
  test('an error recorded for a folder counts for all below it', async () => {
    const path = join(temporaryFolder(), 'a.json')
    writeFileSync(
      path,
      '{"schema":"linsight/snapshot/1","files":{"1/stat":"1 (a)","2/fd/":""},"links":{},"errors":{"1/fd":"EACCES"}}',
    )
    const source = await open(path)
    expect(errnoAt(() => source.list('1/fd'))).toBe('EACCES')
    expect(errnoAt(() => source.readLink('1/fd/3'))).toBe('EACCES')
    expect(errnoAt(() => source.readFile('1/status'))).toBe('ENOENT')
    expect(source.list('2/fd')).toEqual([])
    expect(source.list('').sort()).toEqual(['1', '2'])
  })
})

describe('a bare table is a recording', () => {
  const heading = (remote: string, more = '') =>
    `  sl  local_address ${remote} st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode${more}\n`
  test.each([
    ['net/tcp', heading('rem_address')],
    ['net/tcp6', heading('remote_address')],
    ['net/udp', heading('rem_address', ' ref pointer drops')],
    ['net/udp6', heading('remote_address', ' ref pointer drops')],
  ])('%s, plain or packed', async (path, text) => {
    const folder = temporaryFolder()
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      writeFileSync(join(folder, 'table'), bytes)
      const source = await open(join(folder, 'table'))
      expect(source.readFile(path).toString()).toBe(text)
      expect(source.isThisMachine).toBe(false)
    }
  })

  test('what only looks like one is none', async () => {
    const file = join(temporaryFolder(), 'table')
    writeFileSync(file, heading('rem_address').replace('sl', 'sel'))
    await expect(open(file)).rejects.toThrow(InputError)
  })
})
