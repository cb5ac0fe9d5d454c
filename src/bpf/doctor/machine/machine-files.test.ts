import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openMachine, recording } from './machine-files.ts'
import { needs } from '../../../../test/support/needs.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'

const root = temporaryFolder()
mkdirSync(join(root, 'proc/self'), { recursive: true })
mkdirSync(join(root, 'usr/sbin'), { recursive: true })
writeFileSync(join(root, 'proc/self/status'), 'Uid:\t0\n')
writeFileSync(join(root, 'usr/sbin/opensnoop'), '')
writeFileSync(join(root, 'usr/sbin/other'), '')
symlinkSync('pid:[1]', join(root, 'proc/self/pid'))

const code = (read: () => unknown) => {
  try {
    read()
    return 'ok'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a recorded machine', () => {
  const tree = openMachine(root)
  test('a folder shaped like /', () => {
    expect(tree.readFile('proc/self/status').toString()).toBe('Uid:\t0\n')
    expect(tree.readLink('proc/self/pid')).toBe('pid:[1]')
    expect(tree.list('usr/sbin', name => name.includes('snoop'))).toEqual(['opensnoop'])
    expect(tree.findProgram('opensnoop')).toBe('/usr/sbin/opensnoop')
    expect(tree.findProgram('bpftrace')).toBeUndefined()
    expect(code(() => tree.probe('proc/none'))).toBe('ENOENT')
  })

  test.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzipped', (text: string) => gzipSync(text)],
  ])('what was read comes back from a %s file', (kind, pack) => {
    const seen = recording(tree)
    const use = (files: typeof tree) => [
      files.readFile('proc/self/status').toString(),
      files.readLink('proc/self/pid'),
      files.list('usr/sbin', name => name.includes('snoop')),
      files.findProgram('opensnoop'),
      code(() => files.readFile('etc/none')),
      code(() => files.readLink('usr/sbin')),
    ]
    const before = use(seen.files)
    const file = join(root, `${kind}.json`)
    writeFileSync(file, pack([...seen.text()].join('')))
    const again = openMachine(file)
    expect(use(again).slice(0, 5)).toEqual(before.slice(0, 5))
    // Only what was asked for is written down.
    expect(again.list('usr/sbin', () => true)).toEqual(['opensnoop'])
  })

  test.each([
    ['there is no', join(root, 'absent.json'), 'input-missing'],
    ['no proc/ in it', join(root, 'usr'), 'input-format'],
    ['not JSON', join(root, 'proc/self/status'), 'input-format'],
  ])('%s: one sentence', (_, path, expected) => {
    expect(code(() => openMachine(path))).toBe(expected)
  })

  test('a recording of /proc alone is refused with the way to make one', () => {
    const file = join(root, 'proc-only.json')
    writeFileSync(file, JSON.stringify({ schema: 'linsight/snapshot/1', meta: {}, files: { 'net/tcp': '' } }))
    expect(() => openMachine(file)).toThrow('does not record a whole machine')
  })

  test('input without an end is given up', needs('Linux'), () => {
    expect(() => openMachine('/dev/zero')).toThrow('could not be read: it is larger than 64 MiB')
  })

  test('a link out of a folder shaped like / is not followed', needs('Linux'), () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'proc/self'), { recursive: true })
    symlinkSync('/proc/self/status', join(folder, 'proc/self/status'))
    const machine = openMachine(folder)
    expect(() => machine.readFile('proc/self/status')).toThrow('ELOOP')
    symlinkSync('/etc', join(folder, 'etc'))
    expect(() => machine.readFile('etc/passwd')).toThrow()
    expect(() => machine.list('etc', () => true)).toThrow()
  })
})
