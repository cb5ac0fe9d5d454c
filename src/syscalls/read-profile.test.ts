import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { needs } from '../../test/support/needs.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { readSyscallProfile } from './read-profile.ts'

const OPTIONS = { isWallTime: false, files: false, threads: true, stacks: false }
const CALL = 'getpid() = 7\n'

test('a folder stands for the logs of -ff in it, not for what links in it lead to', needs('Linux'), async () => {
  const around = temporaryFolder()
  const folder = join(around, 'logs')
  mkdirSync(join(folder, 'trace.3'), { recursive: true })
  writeFileSync(join(folder, 'trace.7'), CALL.repeat(3))
  writeFileSync(join(around, 'elsewhere'), CALL.repeat(50))
  symlinkSync('../elsewhere', join(folder, 'trace.8'))
  symlinkSync('trace.7', join(folder, 'trace.9'))
  symlinkSync('nowhere', join(folder, 'trace.10'))
  const profile = await readSyscallProfile([folder], OPTIONS)
  expect(profile.syscalls.map(row => [row.name, row.calls])).toEqual([['getpid', 6]])
})
