import { describe, expect, test } from 'vitest'
import type { DumpsReport } from '../model.ts'
import { dumpWarnings } from './dump-warnings.ts'

const limits = (dumps: Partial<DumpsReport>, recorded = false) => ({
  dumps: { wanted: true, answered: [], refused: [], cut: [], changed: [], ...dumps },
  recorded,
  shown: new Set(['tcp', 'udp', 'unix'] as const),
})
const refused = (code: string, ...families: string[]) => families.map(family => ({ family, code }))

describe('warnings of what the kernel answered', () => {
  test('none where it answered', () => {
    expect(dumpWarnings(limits({ answered: ['tcp'] }))).toEqual([])
  })

  test('none where nothing was asked for, whatever is not there', () => {
    expect(dumpWarnings(limits({ wanted: false, refused: refused('ENOENT', 'tcp') }))).toEqual([])
  })

  test('none of a family of which no socket is shown', () => {
    expect(dumpWarnings(limits({ refused: refused('ENOENT', 'udplite6') }))).toEqual([])
  })

  test.each([
    ['without koffi', limits({ refused: refused('ENOSYS', 'tcp', 'udp', 'unix') }), /tcp, udp and unix.*koffi/],
    [
      'in a recording',
      limits({ refused: refused('ENOENT', 'tcp', 'udp') }, true),
      /recording does not hold.*tcp and udp/,
    ],
    ['of a kernel without the family', limits({ refused: refused('ENOENT', 'unix') }), /unix sockets \(ENOENT\)/],
  ])('one %s', (_, given, message) => {
    expect(dumpWarnings(given)).toMatchObject([{ code: 'kernel-not-asked', message: expect.stringMatching(message) }])
  })

  test.each([
    [{ cut: ['tcp', 'udp'] }, /tcp and udp sockets ends too early/],
    [{ changed: ['tcp'] }, /tcp sockets changed each time/],
    [{ cut: ['tcp'], changed: ['udp'] }, /ends too early/],
  ])('one of damage: %j', (dumps, message) => {
    expect(dumpWarnings(limits(dumps))).toMatchObject([{ code: 'dump-cut', message: expect.stringMatching(message) }])
  })
})
