import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FleetSocketJson, FleetSocketsDocument } from '../../src/sockets/hosts/show/fleet-document.ts'
import { needs } from '../support/needs.ts'
import type { Output } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'
import type { Fixture } from './live.ts'
import { SSH_NEEDS, startSshHosts, type SshHosts } from './ssh-hosts.ts'

interface End {
  pid: number
  port: number
}

describe('sockets of several hosts', needs(...SSH_NEEDS), () => {
  let hosts: SshHosts
  let server: Fixture<End>
  let client: Fixture<End & { sent: number }>
  beforeAll(async () => {
    hosts = await startSshHosts({ web1: {}, db1: {} })
    hosts.addHost('down1', ['ProxyCommand false'])
    server = await hosts.socket('db1', ['server', hosts.address['db1']!])
    // What it calls itself must neither end a frame nor reach a terminal as it is.
    client = await hosts.socket('web1', ['client', hosts.address['db1']!, String(server.facts.port)], `a\x1b[2J "'\n`)
  })
  afterAll(async () => {
    await client?.stop()
    await server?.stop()
    await hosts?.stop()
  })

  const ask = (...args: string[]): Output => hosts.linsight('mynetstat', args)
  const json = (output: Output) => JSON.parse(output.stdout) as FleetSocketsDocument

  test('both ends of a connection whose reader is stuck', () => {
    const output = ask('-nt', '--host', 'web1,db1', '--json', `:${server.facts.port}`, '-a')
    expect(output).toMatchObject({ status: 0, stderr: '' })
    const { sockets, findings, hosts: asked, warnings } = json(output)
    // A busy machine may ask one of them later.
    expect(warnings.filter(({ code }) => code !== 'hosts-apart')).toEqual([])
    expect(schemaErrors('fleet-sockets', JSON.parse(output.stdout))).toEqual([])
    expect(asked).toEqual([
      expect.objectContaining({ host: 'web1', answered: true, hostname: 'web1', by: 'collector' }),
      expect.objectContaining({ host: 'db1', answered: true, hostname: 'db1', by: 'collector' }),
    ])
    const of = (host: string) =>
      sockets.filter(one => one.host === host && 'state' in one && one.state === 'ESTABLISHED')
    const [sender] = of('web1') as [FleetSocketJson & { rxQueueBytes: number; txQueueBytes: number; localPort: number }]
    const [reader] = of('db1') as [typeof sender]
    expect(sender.localPort).toBe(client.facts.port)
    expect(sender.txQueueBytes).toBeGreaterThan(0)
    expect(reader.rxQueueBytes).toBeGreaterThan(0)
    expect(sender.end).toMatchObject({
      kind: 'connected',
      ends: [{ host: 'db1', rxQueueBytes: reader.rxQueueBytes, owners: [{ program: 'python3' }] }],
    })
    expect(reader.end).toMatchObject({
      kind: 'connected',
      ends: [{ host: 'web1', txQueueBytes: sender.txQueueBytes, owners: [{ program: 'python3' }] }],
    })
    expect(findings).toEqual([expect.objectContaining({ code: 'not-read', severity: 'warning', host: 'db1' })])
    expect(findings[0]!.finding).toMatch(/^db1 \d+\/python3 has not read .*, and web1 \d+\/python3 waits with /)
  })

  test('as a table', () => {
    const { status, stdout } = ask('-nt', '--host', 'web1,db1', `:${server.facts.port}`)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Host +Proto +Recv-Q/)
    expect(stdout).toMatch(new RegExp(`^web1 +tcp .*ESTABLISHED +\\d+/python3 +db1 \\d+/python3`, 'm'))
    expect(stdout).toMatch(/^WARNING +db1 \d+\/python3 has not read/m)
  })

  test('hosts that do not answer are named, each with its reason', () => {
    const some = ask('-ntl', '--host', 'web1,down1', '--json')
    expect(some.status).toBe(1)
    expect(json(some).hosts).toEqual([
      expect.objectContaining({ host: 'web1', answered: true }),
      expect.objectContaining({ host: 'down1', answered: false, code: 'unreachable' }),
    ])
    const none = ask('-ntl', '--host', 'down1')
    expect(none).toMatchObject({ status: 3, stdout: '' })
    expect(none.stderr).toContain('down1 could not be reached by ssh')
  })

  test('other questions are asked of one host, as of a recording', () => {
    const one = ask('--host', 'web1', '--summary', '--json')
    expect(one.status).toBe(0)
    expect(JSON.parse(one.stdout)).toMatchObject({
      schema: 'linsight/socket-summary/1',
      host: 'web1',
      source: 'ssh:web1',
    })
    expect(ask('--host', 'web1,db1', '--summary')).toMatchObject({ status: 2 })
    expect(ask('--host', 'web1', '-s', '--json').status).toBe(0)
    expect(ask('--host', 'web1', '--health', '--json').status).toBe(0)
  })

  test.each([['-oProxyCommand=touch /tmp/x'], ['root@-oProxyCommand=id'], ['a;id'], ['$(id)']])(
    'refuses the host name %s',
    name => {
      expect(ask('-n', `--host=${name}`)).toMatchObject({ status: 2, stdout: '' })
    },
  )
})
