import { readdirSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath } from '../support/paths.ts'
import { run, type Output } from '../support/run.ts'
import { statusField, until } from '../support/until.ts'
import { startFixture, type Fixture } from './live.ts'

const SERVER = `
  const { connect, createServer } = require('net')
  const server = createServer().listen(4321, '0.0.0.0', () => {
    console.log(JSON.stringify({ pid: process.pid, program: require('path').basename(process.argv0) }))
  })
  process.stdin.resume().on('end', () => process.exit())`

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
const CAPABILITIES = '-all,+sys_ptrace,+dac_read_search'
const CAPABLE_NOBODY = [...NOBODY, `--inh-caps=${CAPABILITIES}`, `--ambient-caps=${CAPABILITIES}`]
/** Mounts /proc in the mount namespace it is run in, then runs the rest. */
const withProc = (options: string) => ['sh', '-c', `mount -t proc -o ${options} proc /proc && exec "$@"`, 'sh']

/** Pids of processes that nobody does not own. */
function othersProcesses(): string[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  return pids.filter(pid => {
    const owner = statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
    return owner !== undefined && owner !== 65534
  })
}

const needed = needs('root', 'namespaces', 'unshare', 'nsenter', 'netstat', 'setpriv', 'mount')

describe('mynetstat from where not everything can be seen', needed, () => {
  let server: Fixture<{ pid: number; program: string }>

  beforeAll(async () => {
    server = await startFixture('unshare', ['--net', process.execPath, '-e', SERVER])
  })
  afterAll(() => server?.stop())

  /** mynetstat in the server's network namespace, below the commands that narrow its sight. */
  const seen = (narrowing: string[], args: string[]): Output => {
    const mynetstat = [process.execPath, binPath('mynetstat'), ...args]
    return run('nsenter', [`--net=/proc/${server.facts.pid}/ns/net`, ...narrowing, ...mynetstat])
  }

  const listener = (stdout: string) => /^tcp .* 0\.0\.0\.0:4321 .* LISTEN +(\S+)$/m.exec(stdout)?.[1]
  const owner = () => `${server.facts.pid}/${server.facts.program}`

  /** Status, owner, warnings and the JSON's account of the same. */
  function look(narrowing: string[]) {
    const text = seen(narrowing, ['-ntlp'])
    const json = seen(narrowing, ['-ntlp', '--json'])
    const document = JSON.parse(json.stdout) as {
      sockets: { localPort: number; owners: { pid: number }[]; ownerless?: { reason: string } }[]
      warnings: { code: string; message: string; hint?: string }[]
      unreadable: Record<string, number>
      processes: number
    }
    const socket = document.sockets.find(({ localPort }) => localPort === 4321)!
    expect([text.status, json.status, json.stderr]).toEqual([0, 0, ''])
    expect(document.sockets).toHaveLength(1)
    // The same facts in both, each said once; processes come and go between the two.
    const uncounted = (said: string) => said.replaceAll(/\d+ of \d+/g, 'N of M')
    const said = document.warnings.map(({ message, hint }) => `mynetstat: ${message}\n  ${hint}\n`)
    expect(uncounted(text.stderr)).toBe(uncounted(said.join('')))
    return { shown: listener(text.stdout), socket, ...document }
  }

  /** What may be said where everything can be seen: some machines keep a process from root itself. */
  function expectFullSight({ shown, socket, warnings }: ReturnType<typeof look>) {
    expect(shown).toBe(owner())
    expect(socket.owners).toMatchObject([{ pid: server.facts.pid }])
    for (const { code, message, hint } of warnings) {
      expect(code).toBe('processes-unreadable')
      expect(message).toMatch(
        /^\d+ of \d+ processes could not be looked into; every socket shown has an owner all the same$/,
      )
      expect(hint).toMatch(/^root cannot read them either/)
    }
  }

  test('root sees everything', () => expectFullSight(look([])))

  test('nobody is told how many processes are closed, and what to do', () => {
    const before = new Set(othersProcesses())
    const { shown, socket, warnings, unreadable, processes } = look(NOBODY)
    expect(shown).toBe('-')
    expect(socket).toMatchObject({ owners: [], ownerless: { reason: 'hidden' } })
    expect(unreadable).toEqual({ EACCES: expect.any(Number) as number })
    expect(unreadable['EACCES']).toBeGreaterThanOrEqual(othersProcesses().filter(pid => before.has(pid)).length)
    expect(processes).toBeGreaterThanOrEqual(1)
    expect(warnings).toEqual([
      {
        code: 'processes-unreadable',
        message: `${unreadable['EACCES']} of ${unreadable['EACCES']! + processes} processes could not be looked into; 1 socket shown without an owner may be theirs`,
        hint: 'run it with sudo',
      },
    ])
  })

  test('one of the two capabilities is not enough', () => {
    for (const one of ['sys_ptrace', 'dac_read_search']) {
      const { shown, warnings } = look([...NOBODY, `--inh-caps=-all,+${one}`, `--ambient-caps=-all,+${one}`])
      expect(shown).toBe('-')
      expect(warnings.map(({ hint }) => hint)).toEqual(['run it with sudo'])
    }
  })

  test('nobody with both capabilities sees everything', () => expectFullSight(look(CAPABLE_NOBODY)))

  test('root without CAP_SYS_PTRACE is told what it lacks', () => {
    const { shown, warnings } = look(['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace'])
    // Without it root may not look into a process that has it.
    expect(shown).toBe('-')
    expect(warnings).toMatchObject([
      { code: 'processes-unreadable', hint: expect.stringContaining('this root lacks') as string },
    ])
  })

  test.each(['hidepid=2', 'hidepid=invisible', 'hidepid=ptraceable'])('under %s nobody is told so', async options => {
    // Of its own processes it would see one that ends, and not be let in.
    await until(() => !readdirSync('/proc').some(pid => statusField(Number(pid), 'Uid')?.startsWith('65534\t')))
    const { shown, socket, warnings, unreadable } = look(['unshare', '--mount', ...withProc(options), ...NOBODY])
    expect(shown).toBe('-')
    expect(socket.ownerless).toEqual({ reason: 'hidden' })
    expect(unreadable).toEqual({})
    expect(warnings).toEqual([
      {
        code: 'processes-hidden',
        message:
          '/proc is mounted with hidepid and shows no process of other users; 1 socket shown without an owner may be theirs',
        hint: 'run it with sudo',
      },
    ])
  })

  test('under hidepid=1 nobody counts the closed processes', () => {
    const { socket, warnings } = look(['unshare', '--mount', ...withProc('hidepid=1'), ...NOBODY])
    expect(socket.ownerless).toEqual({ reason: 'hidden' })
    expect(warnings).toMatchObject([
      {
        code: 'processes-unreadable',
        message: expect.stringMatching(/^\d+ of \d+ processes .* 1 socket shown/) as string,
      },
    ])
  })

  test('hidepid does not hide from root, nor from the capabilities', () => {
    expectFullSight(look(['unshare', '--mount', ...withProc('hidepid=2')]))
    expectFullSight(look(['unshare', '--mount', ...withProc('hidepid=2'), ...CAPABLE_NOBODY]))
  })

  test('in a pid namespace the owner may be outside', () => {
    const { shown, socket, warnings, unreadable, processes } = look(['unshare', '--pid', '--fork', '--mount-proc'])
    expect(shown).toBe('-')
    expect(socket.ownerless).toEqual({ reason: 'outside-pid-namespace' })
    expect({ unreadable, processes }).toEqual({ unreadable: {}, processes: 1 })
    expect(warnings).toEqual([
      {
        code: 'pid-namespace',
        message:
          'only the processes of this pid namespace can be seen; 1 socket shown without an owner may belong to others',
        hint: "run it on the host, or in a container that shares the host's pid namespace",
      },
    ])
  })

  test('procfs mounted with subset=pid hides nothing that is needed', () => {
    expectFullSight(look(['unshare', '--mount', ...withProc('subset=pid')]))
    const { shown, warnings } = look(['unshare', '--mount', ...withProc('subset=pid'), ...NOBODY])
    expect(shown).toBe('-')
    expect(warnings).toMatchObject([{ code: 'processes-unreadable' }])
  })

  test('--compat warns as netstat does, and exits 0', () => {
    for (const narrowing of [[], NOBODY, CAPABLE_NOBODY, ['unshare', '--pid', '--fork', '--mount-proc']]) {
      const netstat = run('nsenter', [`--net=/proc/${server.facts.pid}/ns/net`, ...narrowing, 'netstat', '-ntlp'])
      const ours = seen(narrowing, ['--compat', '-ntlp'])
      expect({ status: ours.status, stdout: ours.stdout }).toEqual({ status: 0, stdout: netstat.stdout })
      expect(ours.stderr).toBe(netstat.stderr)
    }
  })
})
