// Without bpftrace a diagnosis counts in an instance of tracefs of its own, and leaves none behind.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import { optional } from '../../src/errors.ts'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { until } from '../support/until.ts'

/** bpftrace is covered in a mount namespace of its own; its folder is searched whatever PATH says. */
const WITHOUT = [
  '--mount',
  'sh',
  '-c',
  'for tool in $(which -a bpftrace | xargs -rn1 readlink -f | sort -u); do mount --bind /dev/null "$tool"; done; exec "$@"',
  'sh',
]
const DIAGNOSE = [process.execPath, binPath('linsight'), 'diagnose', '--json']

/** Looks for files that are not there, 4000 a second. */
const MISSING = `
import os, time
while True:
    for i in range(40):
        try: os.stat("/nonexistent/file")
        except OSError: pass
    time.sleep(0.01)
`

const instances = () => optional(() => readdirSync('/sys/kernel/tracing/instances')) ?? []
const ours = (pid: number) => instances().find(name => name.startsWith(`linsight-${pid}-`))

let ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended) end()
  ended = []
})

describe('without bpftrace', needs('root', 'namespaces', 'tracefs', 'python3', 'unshare'), () => {
  test('it counts calls that fail, says what it does not see, and takes its instance away', () => {
    const load = spawn('python3', ['-c', MISSING], { stdio: 'ignore' })
    ended.push(() => load.kill('SIGKILL'))
    const before = instances()
    const { stdout, stderr } = run('unshare', [...WITHOUT, ...DIAGNOSE, '--duration', '3s'])
    const report = JSON.parse(stdout) as {
      findings: { cause: string; culprits: { pid?: number }[] }[]
      notLooked: { what: string; why: string; causes: string[] }[]
      looked: { tracing: boolean }
    }
    expect(stderr).toBe('')
    expect(report.looked.tracing).toBe(true)
    expect(report.notLooked).toContainEqual(
      expect.objectContaining({
        what: 'what system calls that fail are about',
        why: 'bpftrace is not installed',
        causes: expect.arrayContaining(['port-taken']) as string[],
      }),
    )
    const named = report.findings.flatMap(({ cause, culprits }) => culprits.map(({ pid }) => `${cause} ${pid}`))
    expect(named).toContain(`enoent-storm ${load.pid}`)
    expect(instances().filter(name => name.startsWith('linsight-') && !before.includes(name))).toEqual([])
  })

  test('what a run that was killed left behind goes with the next', async () => {
    const killed = spawn('unshare', [...WITHOUT, ...DIAGNOSE], { stdio: 'ignore' })
    const pid = killed.pid!
    ended.push(() => killed.kill('SIGKILL'))
    await until(() => ours(pid) !== undefined)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    expect(ours(pid)).toBeDefined()
    run('unshare', [...WITHOUT, ...DIAGNOSE, '--duration', '2s'])
    expect(ours(pid)).toBeUndefined()
  })

  test('one that is interrupted takes it away itself', async () => {
    const interrupted = spawn('unshare', [...WITHOUT, ...DIAGNOSE], { stdio: 'ignore' })
    const pid = interrupted.pid!
    ended.push(() => interrupted.kill('SIGKILL'))
    await until(() => ours(pid) !== undefined)
    interrupted.kill('SIGINT')
    await once(interrupted, 'exit')
    expect(ours(pid)).toBeUndefined()
  })
})
