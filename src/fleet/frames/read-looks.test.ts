import { describe, expect, test } from 'vitest'
import { readLooks } from './read-looks.ts'

const NONCE = 'a'.repeat(32)
const frame = (words: string, content = '') => `\n${NONCE} ${words}\n${content}`
const end = frame('end')
const machine =
  frame('machine', 'kernel 6.1\narch x86_64\nhz 250\nuid 0\nendian little\n') +
  frame('users', 'root:0\nwww:33\nme:1000\n')
const link = (path: string, target: string) => `lrwxrwxrwx 1 0 0 0 Nov 21 22:04 ${path} -> ${target}\n`
const status = (uid: number) => `Name:\tx\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`
const read = (text: string) => readLooks(Buffer.from(text), NONCE, 'web1')

describe('what the script collected', () => {
  const look = frame('look 1700000000 web 1') + frame('links', link('self/ns/net', 'net:[7]'))
  const text =
    machine +
    look +
    frame('file self/net/tcp', 'tcp\n') +
    frame(
      'descriptors',
      `self/fdinfo:\n5/fd:\n${link('3', 'socket:[9]')}6/fd:\ntotal 0\n7/fd:\n${link('3', 'a')}${link('3', 'b')}`,
    ) +
    ['5', '6', '7', '8']
      .map(pid => frame(`file ${pid}/stat`, `${pid} (x)`) + frame(`file ${pid}/status`, status(33)))
      .join('') +
    frame('file 8/cmdline') +
    frame('file 9/cmdline') +
    frame('file 5/wchan')

  test('is a recording', () => {
    const { by, sources } = read(text + end)
    expect(by).toBe('collector')
    const [source] = sources
    expect(source!.meta).toEqual({
      host: 'web 1',
      kernel: '6.1',
      arch: 'x86_64',
      userHz: 250,
      uid: 0,
      endian: 'little',
      takenAt: '2023-11-14T22:13:20.000Z',
      netns: 'net:[7]',
      users: { 0: 'root', 33: 'www' },
    })
    expect(source!.readFile('net/tcp').toString()).toBe('tcp\n')
    expect(source!.readLink('5/fd/3')).toBe('socket:[9]')
  })

  test('tells what was refused, what holds nothing, and who has ended', () => {
    const { entries, ...source } = read(text + end).sources[0]!
    expect(source.list('6/fd')).toEqual([])
    expect(Object.fromEntries(entries.errors)).toEqual({ '7/fd': 'EBADMSG', '8/fd': 'EACCES' })
    expect(entries.files.get('8/cmdline')).toEqual(Buffer.alloc(0))
    expect([entries.files.has('9/cmdline'), entries.files.has('5/wchan')]).toEqual([false, false])
  })

  test('twice, is two', () => {
    const second = look.replace('1700000000', '1700000005')
    const { sources } = read(machine + look + frame('file uptime', '1\n') + second + frame('file uptime', '6\n') + end)
    expect(sources.map(source => source.readFile('uptime').toString())).toEqual(['1\n', '6\n'])
  })

  test('that was cut is said so', () => {
    const places = (count: number) =>
      Array.from({ length: count }, (_, at) => frame(`file ${at + 1}/net/sockstat`, 'x')).join('')
    const flows = (count: number) => frame('file net/nf_conntrack', 'x\n'.repeat(count))
    const codes = (more: string) => read(machine + look + more + end).sources[0]!.remarks?.map(({ code }) => code)
    expect(codes(places(255) + flows(19_999))).toBeUndefined()
    expect(codes(places(256))).toEqual(['namespaces-unreadable'])
    expect(codes(flows(20_000))).toEqual(['peers-unknown'])
  })

  test('facts that are none are absent', () => {
    const { meta } = read(frame('machine', 'hz x\nuid -1\nendian middle\n') + frame('look x y') + end).sources[0]!
    expect(meta).toMatchObject({ userHz: 100, uid: undefined, endian: undefined, takenAt: undefined })
  })
})

describe('what a linsight answered', () => {
  const snapshot = JSON.stringify({ schema: 'linsight/snapshot/1', meta: { host: 'web1' }, files: { 'net/tcp': 'x' } })
  const asked = (state: string) => frame('snapshot 5', snapshot) + frame(`status ${state}`)

  test('is its snapshot', () => {
    expect(read(asked('0') + end)).toMatchObject({ by: 'linsight', sources: [{ meta: { host: 'web1' } }] })
  })
  test('or its diagnosis', () => {
    expect(read(frame('diagnosis 5', '{}') + frame('status 0') + end).diagnosis?.toString()).toBe('{}')
  })
  test('does not count where it failed and the script looked instead', () => {
    const both = asked('3') + machine + frame('look 5 web1') + end
    expect(read(both)).toMatchObject({ by: 'collector', sources: [{ meta: { host: 'web1', kernel: '6.1' } }] })
  })
  test.each([
    ['that failed', asked('3') + end, 'holds no look'],
    ['that is no snapshot', frame('snapshot 5', '{"schema":"x"}') + frame('status 0') + end, 'not a snapshot'],
    ['that is damaged', frame('snapshot 5', '{') + frame('status 0') + end, 'breaks off'],
    ['that ends early', asked('0'), 'broke off'],
  ])('%s is refused', (_, text, message) => {
    expect(() => read(text)).toThrow(message)
  })
})
