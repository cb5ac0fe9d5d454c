import { describe, expect, test } from 'vitest'
import { changing, procOf, refuse } from '../../../test/support/fake-proc.ts'
import { readProcessState } from './process-state.ts'

const source = procOf({
  files: {
    '9/stat': `9 (a) b) D ${'0 '.repeat(16)}3 0 77 ${'0 '.repeat(10)}\n`,
    '9/wchan': 'pipe_write',
    '9/limits': 'Max open files            256                  256                  files     \n',
    '10/wchan': '0',
    '9/root/bin/app': 'new',
  },
  links: { '9/exe': '/bin/app (deleted)', '10/exe': '/bin/app' },
})

test('what a process does and runs', () => {
  expect(readProcessState(source, 9)).toEqual({
    state: 'D',
    threads: 3,
    waitsIn: 'pipe_write',
    openFilesLimit: 256,
    // A recording does not tell what stands there now.
    exe: { path: '/bin/app', deleted: true, replaced: undefined },
  })
})

test('what cannot be read is absent; 0 is no place to sleep in', () => {
  expect(readProcessState(source, 10)).toEqual({ exe: { path: '/bin/app', deleted: false, replaced: undefined } })
  expect(readProcessState(source, 11)).toEqual({})
})

describe('whether another file stands where the deleted one stood', () => {
  test.each([
    ['it does', undefined, true],
    ['nothing does', 'ENOENT', false],
    ['it cannot be seen', 'EACCES', undefined],
  ])('%s', (_, code, replaced) => {
    const live = changing(source, {
      readFile: path => (path === '9/root/bin/app' && code !== undefined ? refuse(code, path) : source.readFile(path)),
    })
    expect(readProcessState(live, 9).exe?.replaced).toBe(replaced)
  })
})
