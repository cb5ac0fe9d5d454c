import { describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { startFixture } from './live.ts'

const WITHOUT = {
  'is unmounted': 'umount -l /proc && exec "$@"',
  'is empty': 'mount -t tmpfs tmpfs /proc && exec "$@"',
}

const COMMANDS: readonly (readonly [bin: string, args: string[]])[] = [
  ['mynetstat', ['-ant']],
  ['mynetstat', ['-c', '-nt']],
  ['mynetstat', ['--compat', '-ant']],
  ['tw-stats', []],
  ['tw-stats', ['--all-netns']],
  ['trace-syscalls', ['-p', '1', '--duration', '1s']],
  ['linsight', ['snapshot', 'save', '-']],
]

describe.each(Object.entries(WITHOUT))(
  'where /proc %s',
  needs('root', 'namespaces', 'unshare', 'mount'),
  (_, script) => {
    const without = (bin: string, args: readonly string[]) =>
      run('unshare', ['--mount', 'sh', '-c', script, 'sh', process.execPath, binPath(bin), ...args])

    test.each(COMMANDS)('%s %j says so and ends with 3', (bin, args) => {
      const { status, stdout, stderr } = without(bin, args)
      expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
      expect(stderr).toMatch(/^\S+: \/proc is not mounted here, so nothing can be read of this machine\n {2}mount it: /)
    })

    test('--json, too', () => {
      const { status, stdout } = without('mynetstat', ['-ant', '--json'])
      expect(status).toBe(3)
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'no-proc', exit: 3 } })
    })
  },
)

test(
  'where /proc is that of other pids, which do not hold us',
  needs('root', 'namespaces', 'unshare', 'nsenter'),
  async () => {
    const others = await startFixture('unshare', ['--pid', '--fork', '--mount-proc', 'sh', '-c', 'echo {}; read end'])
    const inside = [`--mount=/proc/${others.child.pid}/ns/mnt`, process.execPath, binPath('mynetstat'), '-ant']
    const { status, stdout, stderr } = run('nsenter', inside)
    await others.stop()
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
    expect(stderr).toMatch(/^mynetstat: \/proc is that of another pid namespace/)
  },
)
