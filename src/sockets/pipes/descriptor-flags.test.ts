import { expect, test } from 'vitest'
import { parseDescriptorFacts } from './descriptor-flags.ts'

test.each([
  ['pos:\t0\nflags:\t0100000\nmnt_id:\t15\n', { reads: true, writes: false, eventfdId: undefined }],
  ['pos:\t0\nflags:\t0100001\n', { reads: false, writes: true, eventfdId: undefined }],
  [
    'pos:\t0\nflags:\t02\neventfd-count:                0\neventfd-id: 7\n',
    { reads: true, writes: true, eventfdId: '7' },
  ],
  ['pos:\t0\nflags:\t02000002\neventfd-id: x\n', { reads: true, writes: true, eventfdId: undefined }],
  ['pos:\t0\nflags:\t9\n', undefined],
  ['', undefined],
])('%j', (text, facts) => expect(parseDescriptorFacts(Buffer.from(text))).toEqual(facts))
