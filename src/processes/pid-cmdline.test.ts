import { describe, expect, test } from 'vitest'
import { parseCmdline } from './pid-cmdline.ts'

describe('parseCmdline', () => {
  test('blanked, rewritten, longer than a page', () => {
    expect(parseCmdline(Buffer.from(''))).toEqual([])
    expect(parseCmdline(Buffer.from('\0\0\0'))).toEqual([])
    expect(parseCmdline(Buffer.from('nginx: master process x\0\0\0'))).toEqual(['nginx: master process x'])
    expect(parseCmdline(Buffer.from('a\0\0b\0'))).toEqual(['a', '', 'b'])
    expect(parseCmdline(Buffer.from(`x\0${'y'.repeat(9000)}\0`))[1]).toHaveLength(9000)
  })
})
