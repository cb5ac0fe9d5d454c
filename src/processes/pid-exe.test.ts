import { describe, expect, test } from 'vitest'
import { parseExeLink } from './pid-exe.ts'

describe('parseExeLink', () => {
  test('a deleted executable is marked, a file that is called so is not', () => {
    expect(parseExeLink('/usr/bin/x (deleted)')).toEqual({ path: '/usr/bin/x', deleted: true })
    expect(parseExeLink('/usr/bin/x (deleted)', true)).toEqual({ path: '/usr/bin/x (deleted)', deleted: false })
  })
})
