import { describe, expect, test } from 'vitest'
import { parseDescriptors, parseLinks } from './ls-lines.ts'

describe('links', () => {
  test.each([
    ['GNU', 'lrwxrwxrwx 1 0 0 0 Nov 21 22:04 7/exe -> /usr/bin/x y -> z', '7/exe', '/usr/bin/x y -> z'],
    ['busybox', 'lrwxrwxrwx    1 0        0                0 Nov 21 22:04 7/ns/net -> net:[4]', '7/ns/net', 'net:[4]'],
    ['SELinux', 'lrwxrwxrwx. 1 0 0 0 Nov  1  2026 self/ns/net -> net:[4]', 'self/ns/net', 'net:[4]'],
  ])('%s', (_, line, path, target) => {
    expect([...parseLinks(`total 0\n${line}\n`)]).toEqual([[path, target]])
  })

  test('other lines', () => {
    expect([
      ...parseLinks('drwx------ 2 0 0 0 Nov 21 22:04 7/x -> y\nlrwxrwxrwx 1 0 0 0 Nov 21 22:04 7/exe\n'),
    ]).toEqual([])
  })
})

const link = (fd: string, target?: string) =>
  `lrwx------ 1 0 0 64 Nov 21 22:04 ${fd}${target === undefined ? '' : ` -> ${target}`}\n`

describe('descriptors', () => {
  test('several folders; that of ls itself does not count', () => {
    const text = `self/fdinfo:\ntotal 0\n-r--r--r-- 1 0 0 0 Nov 21 22:04 0\n\n7/fd:\ntotal 0\n${link('3', 'socket:[9]')}${link('4', '/tmp/a b')}\n8/fd:\ntotal 0\n`
    expect(parseDescriptors(text)).toEqual(
      new Map([
        [
          '7',
          new Map([
            ['3', 'socket:[9]'],
            ['4', '/tmp/a b'],
          ]),
        ],
        ['8', new Map()],
      ]),
    )
  })

  test.each([
    ['links that may not be read', `7/fd:\n${link('3')}${link('4')}`, 'EACCES'],
    ['a line that is none', `7/fd:\n${link('3', '/tmp/a')}b\n`, 'EBADMSG'],
    ['a descriptor that stands twice', `7/fd:\n${link('3', '/tmp/a')}${link('3', 'socket:[9]')}`, 'EBADMSG'],
    ['a name that is no number', `7/fd:\n${link('x', '/tmp/a')}`, 'EBADMSG'],
    ['a folder that stands twice', `7/fd:\n${link('3', 'a')}7/fd:\n${link('4', 'socket:[9]')}`, 'EBADMSG'],
  ])('%s', (_, text, code) => {
    expect(parseDescriptors(text).get('7')).toBe(code)
  })

  test('one that was closed meanwhile is left out', () => {
    expect(parseDescriptors(`7/fd:\n${link('3', 'socket:[9]')}${link('4')}`).get('7')).toEqual(
      new Map([['3', 'socket:[9]']]),
    )
  })
})
