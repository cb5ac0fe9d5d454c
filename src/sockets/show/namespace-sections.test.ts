import { describe, expect, test } from 'vitest'
import type { NetworkNamespace } from '../../namespaces/model.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { Socket } from '../model.ts'
import { namespaceSections } from './namespace-sections.ts'

const namespace = (label: string, facts: Partial<NetworkNamespace> = {}) =>
  ({ name: `net:[${label.length}]`, label, labelKind: 'name', ...facts }) as NetworkNamespace
const socket = (of: NetworkNamespace, inode: string) =>
  ({ row: { inode }, netns: { netns: of.name, label: of.label, namespace: of } }) as Socket

const blue = namespace('blue', { program: 'web', pid: 812, pidInside: 1 })
const hostile = namespace('a\x1b[31m\nb')
const empty = namespace('empty')
const table = (sockets: readonly Socket[]) => [`rows ${sockets.map(({ row }) => row.inode).join()}\n`]
const text = (namespaces: NetworkNamespace[], sockets: Socket[], width = Infinity) =>
  [...namespaceSections({ namespaces, sockets }, table, createTheme(false), width)].join('')

describe('a section for each network namespace', () => {
  test('in the order of the namespaces; what has nothing to show is counted', () => {
    const sockets = [socket(hostile, '3'), socket(blue, '1'), socket(blue, '2')]
    expect(text([blue, empty, hostile], sockets)).toBe(
      '== blue, web (pid 812, 1 inside), net:[4]\nrows 1,2\n\n' +
        '== a\\x1b[31m\\nb, net:[8]\nrows 3\n\n' +
        '1 other network namespace without such a socket\n',
    )
  })

  test('what has no namespace is of the own one: a published port without a socket', () => {
    const own = namespace('host', { isOwn: true })
    expect(text([own, blue], [{ row: { inode: '0' } } as Socket, socket(blue, '1')])).toBe(
      '== host, net:[4]\nrows 0\n\n== blue, web (pid 812, 1 inside), net:[4]\nrows 1\n\n' +
        '0 other network namespaces without such a socket\n',
    )
  })

  test('nothing anywhere', () => {
    expect(text([blue, empty], [])).toBe('2 network namespaces without such a socket\n')
  })

  test('a narrow terminal', () => {
    expect(text([blue], [socket(blue, '1')], 40)).toBe(
      '== blue, web (pid 812, 1 inside),\n   net:[4]\nrows 1\n\n0 other network namespaces without such a socket\n',
    )
  })
})
