import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { runBin, type Output } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'
import { SSH_NEEDS, startSshHosts, type SshHosts } from './ssh-hosts.ts'

describe('other commands on several hosts', needs(...SSH_NEEDS), () => {
  let hosts: SshHosts
  beforeAll(async () => {
    // The other way over there: a linsight that is installed.
    const bins = temporaryFolder()
    chmodSync(bins, 0o755)
    writeFileSync(join(bins, 'linsight'), `#!/bin/sh\nexec ${process.execPath} ${binPath('linsight')} "$@"\n`, {
      mode: 0o755,
    })
    // Two sudo: one that allows everything, one that asks.
    const sudo = (name: string, text: string) => {
      const at = join(bins, name)
      mkdirSync(at)
      writeFileSync(join(at, 'sudo'), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
      return at
    }
    const allows = sudo('allows', '[ "$1" = -n ] || exit 9; shift; BECOME=1 exec "$@"')
    const asks = sudo('asks', 'echo "sudo: a password is required" >&2; exit 1')
    hosts = await startSshHosts({ web1: { path: allows }, web2: { path: asks }, app1: { path: bins } })
    hosts.addHost('down1', ['ProxyCommand false'])
  })
  afterAll(() => hosts?.stop())

  const ask = (bin: string, ...args: string[]): Output => hosts.linsight(bin, args)

  test('tw-stats reports each', () => {
    const output = ask('tw-stats', '--host', 'web[1-2],down1', '--json')
    const document = JSON.parse(output.stdout)
    expect(schemaErrors('fleet-time-wait', document)).toEqual([])
    expect(output.status).toBe(1)
    expect(document.hosts).toEqual([
      expect.objectContaining({ host: 'web1', report: expect.objectContaining({ tuples: [] }) }),
      expect.objectContaining({ host: 'web2', report: expect.objectContaining({ tuples: [] }) }),
      expect.objectContaining({ host: 'down1', answered: false, code: 'unreachable' }),
    ])
    const text = ask('tw-stats', '--host', 'web1,web2')
    expect(text.status).toBe(0)
    expect(text.stdout).toMatch(/^== web1\nHARMLESS[^]*\n== web2\nHARMLESS/)
    expect(ask('tw-stats', '--host', 'web1', '--who').status).toBe(2)
    expect(ask('tw-stats', '--host', 'web1', '--all-netns', '--json').status).toBe(0)
  })

  test('snapshot save writes a file a host, for its owner alone', () => {
    const folder = join(hosts.folder, 'recordings')
    mkdirSync(folder)
    const output = ask('linsight', 'snapshot', 'save', '--host', 'web[1-2],down1', '--json', folder)
    expect(output.status).toBe(1)
    expect(schemaErrors('fleet-snapshots', JSON.parse(output.stdout))).toEqual([])
    expect(readdirSync(folder).toSorted()).toEqual(['web1.snap.json.gz', 'web2.snap.json.gz'])
    const file = join(folder, 'web1.snap.json.gz')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(schemaErrors('snapshot', JSON.parse(gunzipSync(readFileSync(file)).toString()))).toEqual([])
    const read = runBin('mynetstat', ['-antp', '--json', '--from', file])
    expect(JSON.parse(read.stdout)).toMatchObject({ host: 'web1', warnings: [] })
    expect(ask('linsight', 'snapshot', 'save', '--host', 'web1,web2', join(folder, 'x.json')).status).toBe(2)
  })

  test('a linsight over there is used where it is, and left alone where that is asked for', () => {
    const by = (...args: string[]) =>
      JSON.parse(ask('mynetstat', '-nt', '--host', 'app1,web1', '--json', ...args).stdout).hosts.map(
        ({ host, by }: { host: string; by: string }) => `${host} ${by}`,
      )
    expect(by()).toEqual(['app1 linsight', 'web1 collector'])
    expect(by('--agentless')).toEqual(['app1 collector', 'web1 collector'])
  })

  test('--become asks sudo, which never asks', () => {
    const { status, stdout } = ask('mynetstat', '-nt', '--host', 'web1,web2,app1', '--become', '--agentless', '--json')
    expect(status).toBe(1)
    const [web1, web2, app1] = JSON.parse(stdout).hosts
    expect(web1).toMatchObject({ host: 'web1', answered: true })
    expect(web2).toMatchObject({
      host: 'web2',
      code: 'not-permitted',
      message: expect.stringContaining('a password is required'),
    })
    // There is none, or that of this machine.
    expect(app1.host).toBe('app1')
  })

  test('diagnose: what linsight sees there, and what two looks at /proc show', () => {
    const args = ['diagnose', '--host', 'app1,web1,down1', '--duration', '2s', '--no-trace']
    const { status, stdout } = ask('linsight', ...args, '--json')
    const document = JSON.parse(stdout)
    expect(schemaErrors('fleet-diagnose', document)).toEqual([])
    expect(status).toBe(1)
    const [app1, web1, down1] = document.hosts
    expect(app1).toMatchObject({ host: 'app1', by: 'linsight', diagnosis: { verdict: 'nothing-found' } })
    expect(app1.diagnosis.durationMs).toBeGreaterThanOrEqual(1900)
    expect(web1).toMatchObject({ host: 'web1', by: 'collector', diagnosis: { verdict: 'nothing-found' } })
    expect(web1.diagnosis.durationMs).toBeGreaterThanOrEqual(1900)
    expect(web1.diagnosis.notLooked[0].causes).toContain('cpu-hog')
    expect(web1.diagnosis.notLooked[0].causes).not.toContain('reader-stuck')
    expect(down1).toMatchObject({ host: 'down1', answered: false })
  })

  test('a recording of one host on stdout', () => {
    const { status, stdout } = ask('linsight', 'snapshot', 'save', '--host', 'web1', '--redact', '-')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'linsight/snapshot/1', meta: { redacted: true } })
  })

  test('redacted recordings of several hosts: a host has one name in all, and none its own', () => {
    const folder = join(hosts.folder, 'redacted')
    mkdirSync(folder)
    expect(ask('linsight', 'snapshot', 'save', '--host', 'web[1-2]', '--redact', folder).status).toBe(0)
    const names = readdirSync(folder).map(
      file => JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString('utf8')).meta.host as string,
    )
    expect(names.toSorted()).toEqual(['host1', 'host2'])
  })
})
