import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NetworkNamespace } from '../model.ts'
import { chooseNamespace } from './choose.ts'

const WEB = 'ab12'.repeat(16)
const DB = 'ab34'.repeat(16)
const POD = '01234567-89ab-cdef-0123-456789abcdef'

function namespace(inode: string | undefined, facts: Partial<NetworkNamespace> = {}, pids: number[] = []) {
  return {
    inode,
    name: inode === undefined ? 'net:?[501]' : `net:[${inode}]`,
    label: 'x',
    names: [],
    holders: { processes: pids, threads: [], mounts: [], descriptors: [] },
    ...facts,
  } as unknown as NetworkNamespace
}

const host = namespace('1', { label: 'first network namespace', program: 'systemd' }, [1, 4000])
const blue = namespace('2', { names: ['blue', 'sky'], program: 'nginx', unit: 'nginx.service' }, [70])
const web = namespace('3', { container: WEB, program: 'node' }, [80])
const db = namespace('4', { container: DB, program: 'postgres', pod: POD, podName: 'shop/db-0' }, [90])
const lxc = namespace('5', { container: 'old', program: 'nginx', names: ['4000'] })
const hidden = namespace(undefined, { container: 'cd'.repeat(32) }, [95])
const all = [host, blue, web, db, lxc, hidden]

describe('a word names a namespace', () => {
  test.each<[string, string, NetworkNamespace]>([
    ['its link', 'net:[3]', web],
    ['a name of ip netns', 'sky', blue],
    ['a pid', '80', web],
    ['a whole container id', DB, db],
    ['the name of a container', 'old', lxc],
    ['a pod', POD, db],
    ['a pod by its name', 'db-0', db],
    ['with its namespace', 'shop/db-0', db],
    ['a unit', 'nginx.service', blue],
    ['a service, before a program of that name', 'nginx', blue],
    ['a label', 'first network namespace', host],
    ['its number', '5', lxc],
    ['a program', 'postgres', db],
    ['the beginning of a container id', 'ab12', web],
    ['the beginning of a pod', '0123', db],
    ['one whose number is not known', 'cdcd', hidden],
    ['by its files', 'net:?[501]', hidden],
  ])('%s', (_, word, expected) => {
    expect(chooseNamespace(all, word)).toEqual({ kind: 'one', namespace: expected })
  })

  test.each<[string, string, NetworkNamespace[]]>([
    ['the beginning of two ids', 'ab1', [web]],
    ['the beginning of more', 'ab3', [db]],
    ['a name that looks like a pid', '4000', [host, lxc]],
  ])('%s', (_, word, expected) => {
    const choice = chooseNamespace(all, word)
    expect(choice.kind === 'one' ? [choice.namespace] : choice.kind === 'several' ? choice.namespaces : []).toEqual(
      expected,
    )
  })

  test('never one of several', () => {
    const twin = namespace('6', { container: `${WEB.slice(0, 20)}${'0'.repeat(44)}` })
    expect(chooseNamespace([...all, twin], 'ab12')).toEqual({ kind: 'several', namespaces: [web, twin] })
    expect(chooseNamespace([...all, twin], WEB)).toEqual({ kind: 'one', namespace: web })
  })

  test.each(['ab', 'nothing', '', '71', 'NET:[3]', 'net:[33]'])('%s is none of them', word => {
    const choice = chooseNamespace(all, word)
    expect(choice.kind).toBe('none')
  })

  test('what would have been one', () => {
    expect(chooseNamespace([blue, web], 'bleu')).toEqual({
      kind: 'none',
      known: ['blue', 'sky', 'nginx.service', 'nginx', 'net:[2]', 'ab12ab12ab12', 'node', 'net:[3]'],
    })
  })
})

test('every word that is offered names one or says that it names several', () => {
  const ids = fc.constantFrom('ab12', 'ab34', '4000', '7', 'web').map(start => start.padEnd(64, '0'))
  const facts = fc.record({
    names: fc.array(fc.constantFrom('blue', 'web', '4000'), { maxLength: 2 }),
    container: fc.option(ids, { nil: undefined }),
    unit: fc.option(fc.constantFrom('web.service', 'blue.service'), { nil: undefined }),
    program: fc.option(fc.constantFrom('web', 'nginx'), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(facts, { minLength: 1, maxLength: 5 }), list => {
      const namespaces = list.map((one, at) => namespace(String(at + 1), one, [at + 100]))
      const none = chooseNamespace(namespaces, 'no such word')
      expect(none.kind).toBe('none')
      for (const word of none.kind === 'none' ? none.known : [])
        expect(chooseNamespace(namespaces, word).kind).not.toBe('none')
      for (const [at, found] of namespaces.entries())
        expect(chooseNamespace(namespaces, `net:[${at + 1}]`)).toEqual({ kind: 'one', namespace: found })
    }),
  )
})
