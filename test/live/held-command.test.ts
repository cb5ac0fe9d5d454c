import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, copyFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findTool } from '../../src/children/find-tool.ts'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { statusField, until } from '../support/until.ts'
import { pidsWith } from './traced.ts'

const LINSIGHT = binPath('linsight')
const NOBODY = 65534

const needed = needs('root', 'tracefs', 'bpftrace', 'strace', 'setpriv')
const folder = temporaryFolder()

/** A program of our own that sleeps, so that no other process runs the same file. */
function sleeper(name: string, setuid: boolean): string {
  const file = join(folder, name.replaceAll(' ', '-'))
  copyFileSync(findTool(['sleep'])!, file)
  chmodSync(folder, 0o755)
  if (setuid) chownSync(file, NOBODY, NOBODY)
  chmodSync(file, setuid ? 0o4755 : 0o755)
  return file
}

/** Processes that have become the file. */
const running = (file: string) =>
  readdirSync('/proc').filter(pid => {
    try {
      return readlinkSync(`/proc/${pid}/exe`) === file
    } catch {
      return false
    }
  })

describe('no command outlives a killed linsight', needed, () => {
  const users: [string, string[]][] = [
    ['trace-syscalls with bpftrace', ['trace-syscalls', '--backend', 'bpf']],
    ['trace-syscalls with strace', ['trace-syscalls', '--backend', 'strace']],
    ['bpf run', ['bpf', 'run', 'execsnoop']],
  ]
  const start = (words: string[], file: string) =>
    spawn(process.execPath, [LINSIGHT, ...words, '--', file, '600'], { stdio: 'ignore' })

  describe.each(users)('%s', (user, words) => {
    test.each([
      ['once it runs', false],
      ['once it runs with the rights of another user', true],
    ])('%s', async (title, setuid) => {
      const file = sleeper(`${user} ${title}`, setuid)
      const linsight = start(words, file)
      expect(await until(() => running(file).length === 1)).toBe(true)
      if (setuid) expect(statusField(Number(running(file)[0]), 'Uid')).toMatch(/^0\t65534/)
      linsight.kill('SIGKILL')
      await once(linsight, 'exit')
      expect(await until(() => pidsWith(file).length === 0)).toBe(true)
    })
  })

  test.each(users.filter(([user]) => !user.includes('strace')))('%s: before it has begun', async (user, words) => {
    const file = sleeper(`${user} held`, false)
    const linsight = start(words, file)
    const held = () => pidsWith(file).filter(pid => statusField(pid, 'State')?.startsWith('T'))
    expect(await until(() => held().length === 1)).toBe(true)
    linsight.kill('SIGKILL')
    await once(linsight, 'exit')
    expect(await until(() => pidsWith(file).length === 0)).toBe(true)
  })
})
