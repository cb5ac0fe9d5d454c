import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { controlPath } from './control-folder.ts'

const uid = process.geteuid?.() ?? 0

test('a folder for this user alone', () => {
  const run = temporaryFolder()
  expect(controlPath({ XDG_RUNTIME_DIR: run }, uid)).toBe(join(run, 'linsight/%C'))
  expect(statSync(join(run, 'linsight')).mode & 0o777).toBe(0o700)
  expect(controlPath({ XDG_RUNTIME_DIR: run }, uid)).toBe(join(run, 'linsight/%C'))
})

test.each<[string, (run: string) => void]>([
  ['that others may enter', run => (mkdirSync(join(run, 'linsight')), chmodSync(join(run, 'linsight'), 0o755))],
  ['that is a link', run => symlinkSync(run, join(run, 'linsight'))],
])('none %s', (_, make) => {
  const run = temporaryFolder()
  make(run)
  expect(controlPath({ XDG_RUNTIME_DIR: run }, uid)).toBeUndefined()
})

test('none of another user, with a name too long, or with what ssh reads otherwise', () => {
  expect(controlPath({ XDG_RUNTIME_DIR: temporaryFolder() }, uid + 1)).toBeUndefined()
  expect(controlPath({ XDG_RUNTIME_DIR: `/${'x'.repeat(60)}` }, uid)).toBeUndefined()
  expect(controlPath({ XDG_RUNTIME_DIR: '/tmp/a%h' }, uid)).toBeUndefined()
})
