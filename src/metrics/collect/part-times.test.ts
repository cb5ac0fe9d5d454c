import { describe, expect, test } from 'vitest'
import { SourceReadError } from '../../errors.ts'
import { MetricSet } from '../metric-set.ts'
import { PartTimes } from './part-times.ts'

describe('parts of an answer', () => {
  test('one that cannot be read is said, and takes no other with it', async () => {
    const times = new PartTimes()
    expect(times.of('sockets', () => 7)).toBe(7)
    const refuse = () => {
      throw new SourceReadError('EACCES', 'net/tcp')
    }
    expect(times.of('counters', refuse)).toBe(undefined)
    expect(await times.ofAsync('owners', () => Promise.reject(new SourceReadError('EIO', '1')))).toBe(undefined)
    const set = new MetricSet()
    times.addTo(set)
    const [durations, up] = set.exposition('').families
    expect(durations!.samples.length).toBe(3)
    expect(up!.samples.map(({ labels, value }) => `${labels['part']} ${value}`)).toEqual([
      'sockets 1',
      'owners 0',
      'counters 0',
    ])
  })

  test('a bug is not taken for a file that cannot be read', () => {
    expect(() => new PartTimes().of('sockets', () => (undefined as unknown as { a: 1 }).a)).toThrow(TypeError)
  })
})
