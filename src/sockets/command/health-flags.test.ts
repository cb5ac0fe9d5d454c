import { describe, expect, test } from 'vitest'
import { refuseBesideHealth } from './health-flags.ts'

test.each([
  [{ health: true, json: true, color: 'auto' }, []],
  [{ health: true, duration: 2000, all: false }, []],
  [{ health: true, from: 'a', before: 'b', endian: 'little' }, []],
  [{ all: true }, [':80']],
])('%j %j is right', (flags, words) => expect(() => refuseBesideHealth(flags, words)).not.toThrow())

describe('refused', () => {
  test.each<[object, string[], string]>([
    [{ health: true, listening: true }, [], '--health and --listening do not go together'],
    [{ health: true, columns: 'pid' }, [], '--health and --columns do not go together'],
    [{ health: true }, [':80'], 'so :80 selects nothing'],
    [{ health: true, netns: 'a', 'all-netns': true }, [], '--all-netns and --netns do not go together'],
    [{ duration: 2000 }, [], '--duration is for --health'],
    [{ before: 'a' }, [], '--before is for --health'],
    [{ health: true, duration: 2000, from: 'a' }, [], '--duration is for a live look'],
    [{ health: true, duration: 2000, before: 'a' }, [], '--duration is for a live look'],
  ])('%j %j', (flags, words, message) => expect(() => refuseBesideHealth({ ...flags }, words)).toThrow(message))
})
