import { expect, test } from 'vitest'
import { parseStack, parseStackKey } from './stack.ts'

test.each([
  ['', []],
  ['\n        vfs_read+187\n        ksys_read+102\n', ['ksys_read', 'vfs_read']],
  ['\n    0x7fe8071ba9c0\n', ['0x7fe8071ba9c0']],
  ['\n\tffffffff8123 vfs_read+0xbb ([kernel.kallsyms])\n', ['vfs_read']],
  ['\nstd::map<int, long>::at(int)+12\noperator+\n', ['operator+', 'std::map<int, long>::at(int)']],
])('%j', (text, frames) => {
  expect(parseStack(text)).toEqual(frames)
})

test.each([
  ['\n    u+1\n,\n    k+2\n,7', { user: ['u'], kernel: ['k'], number: 7 }],
  ['\n    u+1\n,,7', { user: ['u'], kernel: [], number: 7 }],
  [',\n    k+2\n,7', { user: [], kernel: ['k'], number: 7 }],
  [',,7', { user: [], kernel: [], number: 7 }],
  ['\nf(a,b)+1\n,\nk+2\n,7', { user: ['f(a,b)'], kernel: ['k'], number: 7 }],
  ['no stack', undefined],
  ['\n    u+1\n,\n    k+2\n,x', undefined],
])('key %j', (key, expected) => {
  expect(parseStackKey(key)).toEqual(expected)
})
