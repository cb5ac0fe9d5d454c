import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../../test/support/needs.ts'
import { loadLibc, type Libc } from './libc.ts'
import { inNetworkNamespace } from './network-namespace.ts'

const ownNamespace = () => readlinkSync('/proc/thread-self/ns/net')

describe('another network namespace', needs('root', 'namespaces', 'unshare'), () => {
  let libc: Libc
  let child: ReturnType<typeof spawn>
  let path: string
  beforeAll(async () => {
    libc = (await loadLibc())!
    child = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 60'])
    await once(child.stdout!, 'data')
    path = `/proc/${child.pid}/ns/net`
  })
  afterAll(() => child.kill('SIGKILL'))

  test('is entered and left', () => {
    const before = ownNamespace()
    const there = inNetworkNamespace(libc, path, ownNamespace)
    expect(there).toBe(readlinkSync(path))
    expect(there).not.toBe(before)
    expect(ownNamespace()).toBe(before)
  })

  test('shows its own tables while it lasts', () => {
    const devices = () => readFileSync('/proc/thread-self/net/dev', 'utf8').split('\n').length
    expect(inNetworkNamespace(libc, path, devices)).toBe(4)
  })

  test('is left where what is done there throws', () => {
    const before = ownNamespace()
    expect(() =>
      inNetworkNamespace(libc, path, () => {
        throw new RangeError('inside')
      }),
    ).toThrow(RangeError)
    expect(ownNamespace()).toBe(before)
  })

  test('what is no namespace is refused', () => {
    expect(() => inNetworkNamespace(libc, '/proc/self/comm', () => 1)).toThrow('cannot be entered: EINVAL')
    expect(() => inNetworkNamespace(libc, '/nowhere', () => 1)).toThrow('ENOENT')
  })
})
