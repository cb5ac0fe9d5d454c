// A filesystem does not answer any more: a diagnosis ends in time, names who serves it, and says what it did not look at.
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath, fixture } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FUSE = { need: 'FUSE', isMet: () => existsSync('/dev/fuse'), remedy: 'mknod /dev/fuse c 10 229' }

interface Scene {
  pids: Record<'daemon' | 'runs' | 'unmaps' | 'waits', number>
  remote: string
}

interface Diagnosis {
  durationMs: number
  findings: { cause: string; culprits: { pid?: number }[] }[]
  notLooked: { what: string; why: string }[]
}

test(
  'from a folder in it, a PATH that begins in it, beside a process whose memory is locked',
  needs('root', 'namespaces', 'python3', FUSE),
  () => {
    const folder = temporaryFolder()
    const { stdout, status } = run('python3', [
      fixture('programs/hung-filesystem.py'),
      folder,
      process.execPath,
      binPath('linsight'),
      'diagnose',
      '--json',
      '--all',
    ])
    const [scene, report] = stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as unknown) as [Scene, Diagnosis]
    // 124 is that of a diagnosis that hangs.
    expect(status).toBe(1)
    expect(report.durationMs).toBeLessThan(8000)
    const named = report.findings.flatMap(({ cause, culprits }) => culprits.map(({ pid }) => `${cause} ${pid}`))
    expect(named).toContain(`stopped-process ${scene.pids.daemon}`)
    const said = report.notLooked.map(({ what, why }) => `${what}: ${why}`).join('\n')
    expect(said).toContain('filesystems of type fuse')
    expect(said).toContain(`${scene.remote}/inner`)
    expect(said).toContain(`arguments and stack of unmaps (pid ${scene.pids.unmaps})`)
    expect(said).toContain('that is deleted has been replaced')
  },
)
