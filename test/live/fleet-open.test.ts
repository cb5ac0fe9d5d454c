import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openHost } from '../../src/fleet/index.ts'
import { needs } from '../support/needs.ts'
import { SSH_NEEDS, startSshHosts, type SshHosts } from './ssh-hosts.ts'

describe('a host as a source', needs(...SSH_NEEDS), () => {
  let hosts: SshHosts
  beforeAll(async () => {
    hosts = await startSshHosts({ web1: {} })
    // Where connections are kept.
    vi.stubEnv('XDG_RUNTIME_DIR', hosts.env['XDG_RUNTIME_DIR'])
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await hosts?.stop()
  })

  test('reads its tables and processes', async () => {
    const source = await openHost('web1', { sshConfig: hosts.config })
    expect(source.meta).toMatchObject({
      host: 'web1',
      uid: 0,
      endian: 'little',
      netns: expect.stringMatching(/^net:\[\d+\]$/),
    })
    expect(source.label).toBe('ssh:web1')
    expect(source.readFile('net/tcp').toString()).toContain('local_address')
    expect(source.readFile('1/comm').toString()).toBe('sleep\n')
    expect(source.readFile('1/cmdline').toString()).toBe('sleep\x00600\x00')
    expect(source.list('1/fd')).toContain('0')
  })

  test('a host that is not there', async () => {
    hosts.addHost('down1', ['ProxyCommand false'])
    await expect(openHost('down1', { sshConfig: hosts.config })).rejects.toThrow('down1 could not be reached by ssh')
  })
})
