import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../../test/support/needs.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { loadLibc, type Libc } from '../libc/libc.ts'
import { enterIfPossible, enterNamespace } from './enter.ts'
import type { NetworkNamespace } from './model.ts'

const here = () => readlinkSync('/proc/thread-self/ns/net')

describe('entering a namespace', needs('root', 'namespaces', 'unshare', 'mkfifo'), () => {
  let libc: Libc
  let child: ReturnType<typeof spawn>
  let name: string
  const namespace = (...entrances: string[]): NetworkNamespace =>
    ({ name, inode: /\d+/.exec(name)![0], entrances }) as unknown as NetworkNamespace
  beforeAll(async () => {
    libc = (await loadLibc())!
    child = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 60'])
    await once(child.stdout!, 'data')
    name = readlinkSync(`/proc/${child.pid}/ns/net`)
  })
  afterAll(() => child.kill('SIGKILL'))

  test('by the first entrance that is one of it', () => {
    const there = namespace('0/ns/net', 'self/ns/net', `${child.pid}/ns/net`)
    expect(enterNamespace(libc, there, here)).toBe(name)
    expect(here()).not.toBe(name)
  })

  test('once more, when it is entered already', () => {
    const there = namespace(`${child.pid}/ns/net`)
    expect(enterNamespace(libc, there, () => enterNamespace(libc, there, here))).toBe(name)
    expect(enterNamespace(libc, there, () => enterIfPossible(libc, there, here))).toBe(name)
    expect(here()).not.toBe(name)
  })

  test('where there is no entrance any more', () => {
    const own = here()
    expect(() => enterNamespace(libc, namespace('self/ns/net'), here)).toThrow(`${name}: ENOENT`)
    expect(enterIfPossible(libc, namespace('self/ns/net'), here)).toBe(own)
  })

  test('what is done there may fail: it is done once', () => {
    let times = 0
    const fail = () => {
      times += 1
      throw new RangeError('inside')
    }
    const there = namespace(`${child.pid}/ns/net`, `${child.pid}/ns/net`)
    expect(() => enterNamespace(libc, there, fail)).toThrow(RangeError)
    expect(() => enterIfPossible(libc, there, fail)).toThrow(RangeError)
    expect(times).toBe(2)
    expect(here()).not.toBe(name)
  })

  test('a pipe that stands in its place is not opened', () => {
    const folder = join(temporaryFolder(), 'netns')
    mkdirSync(folder)
    const pipe = join(folder, 'blue')
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
    expect(statSync(pipe).isFIFO()).toBe(true)
    const there = namespace(`self/root${pipe}`, `${child.pid}/ns/net`)
    expect(enterNamespace(libc, there, here)).toBe(name)
  })
})
