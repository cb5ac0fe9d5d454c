import { expect, test } from 'vitest'
import { changing, procOf } from '../../../test/support/fake-proc.ts'
import { unreadableWarning } from './unreadable.ts'

/** This process as one of uid 1000 without capabilities sees it. */
const files = { 'self/status': 'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n' }
const proc = '22 1 0:21 / /proc rw - proc proc rw'
const live = (mounts = proc) => changing(procOf({ files: { ...files, 'self/mountinfo': `${mounts}\n` } }), {})

test('who could not be looked into is said with what helps', () => {
  expect(unreadableWarning(98, live())).toMatchObject({
    code: 'processes-unreadable',
    message: '98 processes could not be looked into; connections of nobody known may be theirs',
    hint: 'run it with sudo',
  })
  expect(unreadableWarning(1, live())!.message).toMatch(/^1 process could/)
})

test('what is hidden cannot be counted', () => {
  expect(unreadableWarning(0, live(`${proc},hidepid=2`))).toMatchObject({ code: 'processes-hidden' })
})

test('nothing is said where nothing is missing', () => {
  expect(unreadableWarning(0, live())).toBeUndefined()
  expect(unreadableWarning(0, procOf({}))).toBeUndefined()
})

test('of a recording nothing helps any more', () => {
  expect(unreadableWarning(2, procOf({}))).toEqual({
    code: 'processes-unreadable',
    message: '2 processes could not be looked into when the recording was made',
  })
})
