import { describe, expect, test } from 'vitest'
import { changing, procOf, refuse } from '../../test/support/fake-proc.ts'
import { SourceReadError } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { inNamespace, isReadable } from './inside.ts'
import { networkNamespaces } from './network-namespaces.ts'

const files = {
  'net/tcp': 'own tcp',
  'sys/net/ipv4/tcp_tw_reuse': '2',
  sysctl: 'net.ipv4.tcp_tw_reuse = 2',
  stat: 'btime 1',
  '70/net/tcp': 'tcp of 70',
  '71/net/tcp': 'tcp of 71',
  '71/net/udp': 'udp of 71',
  'netns/9/net/tcp': 'tcp of 9',
  'netns/9/sys/net/ipv4/tcp_tw_reuse': '1',
}
const links = {
  '1/ns/net': 'net:[1]',
  '70/ns/net': 'net:[7]',
  '71/ns/net': 'net:[7]',
  '71/fd/3': 'net:[9]',
  '71/fd/4': 'net:[8]',
}
const recording = procOf({ files, links, meta: { netns: 'net:[1]' } })

const reader = (source: ProcSource) => (name: string, path: string) => {
  const namespace = networkNamespaces(source).namespaces.find(found => found.name === `net:[${name}]`)!
  try {
    return inNamespace(source, namespace).readFile(path).toString()
  } catch (error) {
    return (error as SourceReadError).code
  }
}

describe('a recording', () => {
  test.each([
    ['its own tables', '1', 'net/tcp', 'own tcp'],
    ['its own settings', '1', 'sys/net/ipv4/tcp_tw_reuse', '2'],
    ['those of a process', '7', 'net/tcp', 'tcp of 70'],
    ['a table that is not there', '7', 'net/udp', 'ENOENT'],
    ['not the settings of the reader', '7', 'sys/net/ipv4/tcp_tw_reuse', 'ENOENT'],
    ['nor those that sysctl printed', '7', 'sysctl', 'ENOENT'],
    ['what is of the machine', '7', 'stat', 'btime 1'],
    ['one without processes', '9', 'net/tcp', 'tcp of 9'],
    ['its settings, where they were recorded', '9', 'sys/net/ipv4/tcp_tw_reuse', '1'],
    ['one whose tables were not recorded', '8', 'net/tcp', 'ENOENT'],
  ])('%s', (_, name, path, text) => {
    expect(reader(recording)(name, path)).toBe(text)
  })

  test('says which namespace it is now', () => {
    const [, other] = networkNamespaces(recording).namespaces
    expect(inNamespace(recording, other!).meta.netns).toBe('net:[7]')
  })

  test('readable or not', () => {
    const readable = networkNamespaces(recording).namespaces.map(found => [found.name, isReadable(found, undefined)])
    expect(readable).toEqual([
      ['net:[1]', true],
      ['net:[7]', true],
      ['net:[8]', false],
      ['net:[9]', true],
    ])
  })
})

describe('live', () => {
  test('a process that ended gives way to another one', () => {
    const ended = new Set<string>()
    const live = changing(recording, {
      readFile: path => (ended.has(path.split('/')[0]!) ? refuse('ESRCH', path) : recording.readFile(path)),
      readLink: path => (ended.has(path.split('/')[0]!) ? refuse('ENOENT', path) : recording.readLink(path)),
    })
    const namespace = networkNamespaces(live).namespaces.find(({ name }) => name === 'net:[7]')!
    const inside = inNamespace(live, namespace)
    expect(inside.readFile('net/tcp').toString()).toBe('tcp of 70')
    ended.add('70')
    expect(inside.readFile('net/tcp').toString()).toBe('tcp of 71')
    ended.add('71')
    expect(() => inside.readFile('net/tcp')).toThrow(SourceReadError)
  })

  test('a pid that belongs to another namespace by now is not read', () => {
    let reused = false
    const live = changing(recording, {
      readLink: path => (reused && path === '70/ns/net' ? 'net:[99]' : recording.readLink(path)),
    })
    const namespace = networkNamespaces(live).namespaces.find(({ name }) => name === 'net:[7]')!
    reused = true
    expect(inNamespace(live, namespace).readFile('net/tcp').toString()).toBe('tcp of 71')
  })

  test('a table that is absent is absent: no other process is asked', () => {
    const asked: string[] = []
    const live = changing(recording, {
      readFile(path) {
        asked.push(path)
        return recording.readFile(path)
      },
    })
    const namespace = networkNamespaces(live).namespaces.find(({ name }) => name === 'net:[7]')!
    asked.length = 0
    expect(() => inNamespace(live, namespace).readFile('net/udp')).toThrow('ENOENT')
    expect(asked).toEqual(['70/net/udp'])
  })

  test('nobody answers for another namespace about its own sockets', () => {
    const live = { ...changing(recording, {}), dumpSockets: () => Buffer.from('of its own') }
    const namespace = networkNamespaces(live).namespaces.find(({ name }) => name === 'net:[7]')!
    expect(inNamespace(live, namespace)).not.toHaveProperty('dumpSockets')
  })
})
