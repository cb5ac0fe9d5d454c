import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { needs } from '../../test/support/needs.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { withinFolder } from './within-folder.ts'

/** A folder with links, and a secret beside it. */
function made(links: Record<string, string>) {
  const around = temporaryFolder()
  const root = join(around, 'dir')
  mkdirSync(join(root, '1/net'), { recursive: true })
  mkdirSync(join(around, 'secrets'))
  writeFileSync(join(around, 'secrets/key'), 'secret')
  writeFileSync(join(root, '1/net/tcp'), 'rows')
  for (const [path, target] of Object.entries(links)) symlinkSync(target.replace('AROUND', around), join(root, path))
  return withinFolder(root)
}

const codeOf = (read: () => unknown) => {
  try {
    return read()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

describe('a folder that is not left', needs('Linux'), () => {
  test.each([
    ['a link within it', { self: '1', net: 'self/net' }, 'net/tcp', 'rows'],
    ['an absolute link, as if it were the root', { net: '/1/net' }, 'net/tcp', 'rows'],
    ['a link that goes up too far, as if it were the root', { net: '../../../1/net' }, 'net/tcp', 'rows'],
    ['a file outside', { '1/cmdline': 'AROUND/secrets/key' }, '1/cmdline', 'ENOENT'],
    ['a file outside, relative', { '1/cmdline': '../../secrets/key' }, '1/cmdline', 'ENOENT'],
    ['a folder outside', { '2': '../secrets' }, '2/key', 'ENOENT'],
    ['the live machine', { '2': '/proc/self' }, '2/stat', 'ENOENT'],
    ['a path that goes up', {}, '../secrets/key', 'ENOENT'],
    ['a circle', { a: 'b', b: 'a' }, 'a/x', 'ELOOP'],
    ['a folder', {}, '1/net', 'EISDIR'],
    ['nothing', {}, '1/nothing', 'ENOENT'],
  ])('%s', (_, links, path, content) => {
    const folder = made(links)
    const read = codeOf(() => folder.readFile(path).toString())
    expect(read).toBe(content)
  })

  test('the text of a link is read, wherever it leads', () => {
    const folder = made({ '1/exe': '/usr/bin/node', '1/fd': 'net', '2': '../secrets' })
    expect(folder.readLink('1/exe')).toBe('/usr/bin/node')
    expect(folder.readLink('1/fd/tcp')).toBe('rows')
    expect(codeOf(() => folder.readLink('2/key'))).toBe('ENOENT')
    expect(codeOf(() => folder.readLink('1/net'))).toBe('EINVAL')
  })

  test('what is there is found, what is outside is not', () => {
    const folder = made({ sbin: '1/net', out: '../secrets/key' })
    expect(codeOf(() => folder.checkThere('sbin/tcp'))).toBeUndefined()
    expect(codeOf(() => folder.checkThere('out'))).toBe('ENOENT')
  })

  test('folders are listed within it only', () => {
    const folder = made({ '1/fd': '../../secrets', task: '1' })
    expect(folder.list('').toSorted()).toEqual(['1', 'task'])
    expect(folder.list('task').toSorted()).toEqual(['fd', 'net'])
    expect(codeOf(() => folder.list('1/fd'))).toBe('ENOENT')
    expect([folder.isFolder('task/net'), folder.isFolder('1/fd'), folder.isFolder('1/net/tcp')]).toEqual([
      true,
      false,
      false,
    ])
  })
})
