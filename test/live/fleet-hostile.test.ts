import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FleetSocketsDocument } from '../../src/sockets/hosts/show/fleet-document.ts'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { schemaErrors } from '../support/schemas.ts'
import { until } from '../support/until.ts'
import { SSH_NEEDS, startSshHosts, type SshHosts } from './ssh-hosts.ts'

/** Reads the nonce, as a program over there can that gets the script. */
const NONCE = 'read -r line; n=${line#n=}'
const GREETING = `${NONCE}; echo "linsight-frames/1 $n`

/** What a login does instead of what it is asked for → how that is told. */
const LOGINS: Record<string, [command: string, code: string, message: string]> = {
  garbage: ['head -c 300000 /dev/urandom', 'not-understood', 'something else'],
  nologin: ['echo This account is not available.; exit 1', 'not-understood', 'status 1'],
  silent: ['exit 0', 'not-understood', 'nothing that was asked for'],
  nosh: ['exit 127', 'no-shell', 'there is no sh'],
  endless: [`${GREETING} plain 0"; exec cat /dev/zero`, 'too-large', 'larger than what is taken'],
  bomb: [`${GREETING} gzip 0"; head -c 210000000 /dev/zero | gzip -1`, 'too-large', 'larger than what is taken'],
  cut: [`${GREETING} plain 0"; printf '\\n%s look 0 x\\n\\n%s file net/tcp\\nsl' $n $n`, 'not-understood', 'broke off'],
  lookless: [`${GREETING} plain 0"; printf '\\n%s end\\n' $n`, 'not-understood', 'holds no look'],
  notgzip: [`${GREETING} gzip 0"; echo no`, 'not-understood', 'cannot be unpacked'],
  notjson: [
    `${GREETING} plain 0"; printf '\\n%s snapshot 0\\n{"schema":"linsight/snapshot/1","files":[]}\\n%s status 0\\n\\n%s end\\n' $n $n $n`,
    'not-understood',
    'files is no object',
  ],
  bsd: [`${GREETING} none FreeBSD"`, 'not-linux', 'has no /proc'],
}

describe('hosts that answer with anything', needs(...SSH_NEEDS, 'bash', 'gzip'), () => {
  let hosts: SshHosts
  beforeAll(async () => {
    hosts = await startSshHosts({ web1: {} })
    for (const [name, [command]] of Object.entries(LOGINS)) hosts.addLogin(name, 'web1', command)
    hosts.addLogin('banner', 'web1', `printf 'Welcome \\033[2J\\nlinsight-frames/1 x gzip'; echo quota >&2; exec sh -s`)
    hosts.addLogin('slow', 'web1', 'exec sleep 300')
  })
  afterAll(() => hosts?.stop())

  const ask = (names: string, ...args: string[]) => {
    const output = hosts.linsight('mynetstat', ['-nta', '--host', names, '--json', ...args])
    return { ...output, document: JSON.parse(output.stdout) as FleetSocketsDocument }
  }

  test('each is told by its own reason, and what is in order is shown', { timeout: 120_000 }, () => {
    const names = Object.keys(LOGINS)
    const { status, document } = ask(`web1,${names.join(',')}`, '--host-timeout', '55s')
    expect(status).toBe(1)
    expect(document.hosts[0]).toMatchObject({ host: 'web1', answered: true })
    expect(document.hosts.slice(1)).toEqual(
      names.map(host =>
        expect.objectContaining({
          host,
          answered: false,
          code: LOGINS[host]![1],
          message: expect.stringContaining(LOGINS[host]![2]),
        }),
      ),
    )
    expect(schemaErrors('fleet-sockets', document)).toEqual([])
  })

  test('what a login prints first is passed over', () => {
    expect(ask('banner')).toMatchObject({ status: 0, document: { hosts: [{ answered: true, by: 'collector' }] } })
  })

  test('a host that takes too long is given up', () => {
    const { status, document } = ask('slow', '--host-timeout', '1500ms')
    expect(status).toBe(3)
    expect(document.hosts).toEqual([expect.objectContaining({ host: 'slow', code: 'timed-out' })])
  })

  test('Ctrl-C ends every ssh and shows what was answered', async () => {
    const child = spawn(process.execPath, [binPath('mynetstat'), '-nta', '--host', 'slow,web1', '--json'], {
      env: { ...process.env, ...hosts.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', chunk => chunks.push(chunk as Buffer))
    const closed = once(child, 'close')
    // The one that answers has ended, the slow one is in its login.
    expect(await until(() => sshOf(hosts, 'slow').length > 0 && isAsleep())).toBe(true)
    expect(await until(() => sshOf(hosts, 'web1').length === 0)).toBe(true)
    child.kill('SIGINT')
    await closed
    expect(child.exitCode).toBe(130)
    expect((JSON.parse(Buffer.concat(chunks).toString()) as FleetSocketsDocument).hosts).toEqual([
      expect.objectContaining({ host: 'slow', code: 'interrupted' }),
      expect.objectContaining({ host: 'web1', answered: true }),
    ])
    expect(await until(() => sshOf(hosts, 'slow').length === 0)).toBe(true)
  })
})

/** Command lines of all processes. */
const cmdlines = () =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')]
      } catch {
        return []
      }
    })

/** Calls of ssh for a host; what keeps a connection has another title. */
const sshOf = ({ config }: SshHosts, host: string) =>
  cmdlines().filter(
    words => words[0]?.endsWith('ssh') && words.includes(config) && words.includes(host) && words.includes('-T'),
  )

const isAsleep = () => cmdlines().some(words => words[0] === 'sleep' && words[1] === '300')
