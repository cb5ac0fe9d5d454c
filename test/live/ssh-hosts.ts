import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, type Output } from '../support/run.ts'
import { binPath, fixture } from '../support/paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { startFixture, type Fixture } from './live.ts'

export const SSH_NEEDS = ['root', 'namespaces', 'unshare', 'nsenter', 'ip', 'ssh', 'sshd', 'python3'] as const

/** Machines that are namespaces (network, pid, mount, uts), on one wire, each behind a real sshd. */
export interface SshHosts {
  /** Configuration of ssh that knows them by name; `home` is of nobody. */
  config: string
  folder: string
  /** Address of each on the wire. */
  address: Record<string, string>
  /** Runs a bin of ours here, as a user would. */
  linsight(bin: string, args: readonly string[], env?: NodeJS.ProcessEnv): Output
  env: NodeJS.ProcessEnv
  /** A program in one of them. */
  inside(host: string, command: readonly string[]): string[]
  /** Runs the fixture `stuck-reader.py`. */
  socket<Facts>(host: string, args: readonly string[], comm?: string): Promise<Fixture<Facts>>
  addHost(name: string, lines: readonly string[]): void
  /** Another name of a machine, where a login runs this program instead of the shell that is asked for. */
  addLogin(name: string, host: string, command: string): void
  stop(): Promise<void>
}

export interface HostMaking {
  /** First in the PATH of its logins. */
  path?: string
  /** Lines for its sshd. */
  sshd?: readonly string[]
}

/** Starts one machine a name. sshd runs by ProxyCommand, for each connection one (`sshd -i`): no port is needed. */
export async function startSshHosts(making: Record<string, HostMaking>): Promise<SshHosts> {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const at = (name: string) => join(folder, name)
  for (const key of ['client', 'host'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', at(key)])
  const hostKey = readFileSync(at('host.pub'), 'utf8')
  writeFileSync(at('authorized'), readFileSync(at('client.pub')))
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  // A socket in it has room for 107 bytes of path.
  const runtime = mkdtempSync('/tmp/ls-')

  const holders: Record<string, { holder: ChildProcess; pid: number }> = {}
  const address: Record<string, string> = {}
  const blocks: string[] = []
  const known: string[] = []
  const writeConfig = () => {
    writeFileSync(at('known'), known.join(''))
    writeFileSync(at('config'), blocks.join('\n'))
  }
  const addHost = (name: string, lines: readonly string[]) => {
    known.push(`${name} ${hostKey}`)
    const common = [
      `HostKeyAlias ${name}`,
      'User root',
      `IdentityFile ${at('client')}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${at('known')}`,
      'GlobalKnownHostsFile none',
      'StrictHostKeyChecking yes',
    ]
    blocks.push(`Host ${name}\n${[...lines, ...common].map(line => `  ${line}\n`).join('')}`)
    writeConfig()
  }

  const addServer = (name: string, pid: number, path: string, sshd: readonly string[]) => {
    const conf = at(`${name}.sshd`)
    writeFileSync(
      conf,
      [
        `HostKey ${at('host')}`,
        `AuthorizedKeysFile ${at('authorized')}`,
        'StrictModes no',
        'UsePAM no',
        'PermitRootLogin yes',
        'PrintMotd no',
        `SetEnv PATH=${path}${path === '' ? '' : ':'}/usr/sbin:/usr/bin:/sbin:/bin`,
        ...sshd,
        '',
      ].join('\n'),
    )
    addHost(name, [`ProxyCommand nsenter -t ${pid} -n -p -m -u -- /usr/sbin/sshd -i -f ${conf}`])
  }

  const names = Object.keys(making)
  for (const [number, name] of names.entries()) {
    const { path = '', sshd = [] } = making[name]!
    const holder = spawn(
      'unshare',
      [
        '--net',
        '--pid',
        '--mount',
        '--uts',
        '--fork',
        '--mount-proc',
        '--kill-child',
        'sh',
        '-c',
        `hostname ${name} && ip link set lo up && exec sleep 600`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    const children = () => readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'latin1').trim()
    const isReady = () => {
      try {
        return readFileSync(`/proc/${children()}/comm`, 'latin1') === 'sleep\n'
      } catch {
        return false
      }
    }
    if (!(await until(isReady))) throw new Error(`the namespaces of ${name} were not made`)
    const pid = Number(children())
    holders[name] = { holder, pid }
    address[name] = `10.99.0.${number + 1}`
    addServer(name, pid, path, sshd)
  }
  wire(
    names.map(name => holders[name]!.pid),
    names.map(name => address[name]!),
  )

  const env = { XDG_RUNTIME_DIR: runtime, HOME: at('home'), LINSIGHT_SSH_CONFIG: at('config') }
  const inside: SshHosts['inside'] = (host, command) => [
    'nsenter',
    '-t',
    String(holders[host]!.pid),
    '-n',
    '-p',
    '-m',
    '-u',
    '--',
    ...command,
  ]
  return {
    config: at('config'),
    folder,
    address,
    env,
    linsight: (bin, args, more) => run(process.execPath, [binPath(bin), ...args], { env: { ...env, ...more } }),
    inside,
    socket(host, args, comm) {
      const [command, ...rest] = inside(host, [
        'env',
        ...(comm === undefined ? [] : [`COMM=${comm}`]),
        'python3',
        fixture('programs/stuck-reader.py'),
        ...args,
      ])
      return startFixture(command!, rest)
    },
    addHost,
    addLogin(name, host, command) {
      const file = at(`${name}.sh`)
      writeFileSync(file, `#!/bin/bash\n${command}\n`, { mode: 0o755 })
      addServer(name, holders[host]!.pid, '', [`ForceCommand ${file}`])
    },
    async stop() {
      // Connections that are kept.
      for (const name of blocks.map(block => /^Host (\S+)/.exec(block)![1]!))
        run('ssh', ['-F', at('config'), '-O', 'exit', '-o', `ControlPath=${join(runtime, 'linsight', '%C')}`, name])
      for (const { holder } of Object.values(holders)) {
        holder.kill('SIGKILL')
        if (holder.exitCode === null && holder.signalCode === null) await once(holder, 'exit')
      }
      rmSync(runtime, { recursive: true, force: true })
    },
  }
}

/** A bridge in the namespace of the first, with a veth to each. */
function wire(pids: readonly number[], addresses: readonly string[]): void {
  const ip = (pid: number, ...args: string[]) => execFileSync('nsenter', ['-t', String(pid), '-n', 'ip', ...args])
  const [hub] = pids as [number, ...number[]]
  ip(hub, 'link', 'add', 'wire', 'type', 'bridge')
  ip(hub, 'addr', 'add', `${addresses[0]}/24`, 'dev', 'wire')
  ip(hub, 'link', 'set', 'wire', 'up')
  for (const [at, pid] of pids.entries()) {
    if (at === 0) continue
    ip(hub, 'link', 'add', `port${at}`, 'type', 'veth', 'peer', 'name', 'wire', 'netns', String(pid))
    ip(hub, 'link', 'set', `port${at}`, 'master', 'wire')
    ip(hub, 'link', 'set', `port${at}`, 'up')
    ip(pid, 'addr', 'add', `${addresses[at]}/24`, 'dev', 'wire')
    ip(pid, 'link', 'set', 'wire', 'up')
  }
}
