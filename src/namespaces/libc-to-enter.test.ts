import { expect, test } from 'vitest'
import { changing, procOf } from '../../test/support/fake-proc.ts'
import { loadLibc } from '../libc/libc.ts'
import { libcToEnter } from './libc-to-enter.ts'

const withCapabilities = (digits: string) =>
  changing(procOf({ files: { 'self/status': `Name:\tx\nCapEff:\t${digits}\n` } }), {})

test('who may enter namespaces, does', async () => {
  expect(await libcToEnter(withCapabilities('000001ffffffffff'))).toBe(await loadLibc())
  // All but CAP_SYS_ADMIN.
  expect(await libcToEnter(withCapabilities('000001ffffdfffff'))).toBeUndefined()
  expect(await libcToEnter(changing(procOf({}), {}))).toBeUndefined()
})

test('nobody enters a recording', async () => {
  expect(await libcToEnter(procOf({ files: { 'self/status': 'CapEff:\t000001ffffffffff\n' } }))).toBeUndefined()
})
