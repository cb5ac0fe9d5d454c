import { expect, test } from 'vitest'
import { keyParts, parseStack, parseStackKey, stackIn } from './stack.ts'

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

test.each([
  ['\n    k+2\n    l+3\n', [['k+2', 'l+3']]],
  ['\nk+2\nl+3\n,dd', [['k+2', 'l+3'], 'dd']],
  ['7,\n        k+2\n,a,b', ['7', ['k+2'], 'a,b']],
  ['\n    u+1\n,\n    k+2\n,7', [['u+1'], ['k+2'], '7']],
  ['\nf(a,b)+1\n', [['f(a,b)+1']]],
  ['a,b', ['a,b']],
  ['', ['']],
  ['a\nb\n', ['a\nb\n']],
])('parts of the key %j', (key, parts) => {
  expect(keyParts(key)).toEqual(parts)
})

test.each([
  ['\n        a+1\n        b+2\n', ['a+1', 'b+2']],
  ['\n', undefined],
  ['a\nb\n', undefined],
  [7, undefined],
])('the value %j as a stack', (value, frames) => {
  expect(stackIn(value)).toEqual(frames)
})
