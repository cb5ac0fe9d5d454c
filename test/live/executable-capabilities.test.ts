// The executable with capabilities of its own, started by a user who may nothing: every way to make it do more than that
// user could is tried here. Each trap is shown to work where it should, so that it could catch something.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { baseNode, builtExecutable } from '../support/executable.ts'
import { needs } from '../support/needs.ts'
import { ZOO } from '../support/paths.ts'
import { NOBODY, run, type RunOptions } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { isAlive, until } from '../support/until.ts'

const SECRET = 'root-alone-may-read-this'
const NOBODY_ID = 65_534

describe(
  'an executable with capabilities',
  needs('root', 'namespaces', 'setcap', 'setpriv', 'unshare', 'ip', 'strace', 'gcc', 'grep', 'bash'),
  () => {
    let folder: string
    let linsight: string
    /** What only root may read. */
    let secret: string
    /** A folder of the user's, where everything lies that might be taken in. */
    let trap: string

    beforeAll(() => {
      const built = builtExecutable()
      folder = temporaryFolder()
      chmodSync(folder, 0o755)
      linsight = install(built.folder, join(folder, 'bin'))
      run('setcap', ['cap_sys_ptrace,cap_dac_read_search+ep', linsight])
      secret = join(folder, 'secret')
      mkdirSync(secret, { mode: 0o700 })
      const recording = readFileSync(ZOO, 'utf8').replace('"host":', `"note":"${SECRET}","host":`)
      writeFileSync(join(secret, 'recording'), recording, { mode: 0o600 })
      writeFileSync(join(secret, 'text'), `${SECRET}\n`, { mode: 0o600 })
      mkdirSync(join(secret, '.config/linsight'), { recursive: true })
      writeFileSync(join(secret, '.config/linsight/hosts'), `[${SECRET}\n`)
      mkdirSync(join(secret, 'open'), { mode: 0o777 })
      chmodSync(join(secret, 'open'), 0o777)
      trap = join(folder, 'trap')
      mkdirSync(trap)
      writeFileSync(join(trap, 'take.js'), `require('fs').writeFileSync('${trap}/caught-js', '')`)
      writeFileSync(
        join(trap, 'take.c'),
        `#include <fcntl.h>\n__attribute__((constructor)) static void run(void) { open("${trap}/caught-so", O_CREAT | O_WRONLY, 0644); }\n`,
      )
      run('gcc', ['-shared', '-fPIC', '-o', join(trap, 'take.so'), join(trap, 'take.c')])
      copyFileSync(ZOO, join(trap, 'mine'))
      chownSync(trap, NOBODY_ID, NOBODY_ID)
    }, 300_000)

    /** Executable and koffi as an administrator puts them there. */
    function install(from: string, to: string): string {
      mkdirSync(to)
      for (const name of ['linsight', 'linsight-koffi.node']) copyFileSync(join(from, name), join(to, name))
      chmodSync(join(to, 'linsight'), 0o755)
      return join(to, 'linsight')
    }

    const asNobody = (words: readonly string[], options?: RunOptions) =>
      run('setpriv', [...NOBODY, linsight, ...words], { cwd: trap, ...options })

    const caught = () => {
      const found = readdirSync(trap).filter(name => name.startsWith('caught'))
      for (const name of found) rmSync(join(trap, name), { recursive: true })
      return found.sort()
    }

    test('sees the owners that its caller could not: it is worth attacking', async () => {
      const server = spawn(process.execPath, [
        '-e',
        `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`,
      ])
      try {
        const [port] = (await once(server.stdout, 'data')) as [Buffer]
        const question = ['mynetstat', '-ntlp', `:${port.toString().trim()}`]
        expect(asNobody(question).stdout).toContain(`${server.pid}/node`)
        const plain = run('setpriv', [...NOBODY, builtExecutable().linsight, ...question], { cwd: trap })
        expect(plain.stdout).not.toContain(`${server.pid}/`)
      } finally {
        server.kill()
      }
    })

    describe('the inspector', () => {
      /** In a network namespace of its own, so that whoever listens in it is this process. */
      const start = (program: readonly string[]) =>
        spawn(
          'unshare',
          ['--net', 'sh', '-c', 'ip link set lo up; exec "$@"', 'sh', 'setpriv', ...NOBODY, ...program],
          {
            stdio: ['ignore', 'pipe', 'ignore'],
            cwd: '/',
          },
        )
      const isListening = (pid: number) => {
        try {
          // Before it is in its own, it sees those who listen here.
          if (readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net')) return false
          return / 0A /.test(readFileSync(`/proc/${pid}/net/tcp`, 'latin1'))
        } catch {
          return false
        }
      }

      test('of Node itself is opened by a signal', async () => {
        const node = join(folder, 'node')
        copyFileSync(baseNode(), node)
        const child = start([node, '-e', 'console.log(1); setInterval(() => {}, 1000)'])
        await once(child.stdout, 'data')
        child.kill('SIGUSR1')
        expect(await until(() => isListening(child.pid!))).toBe(true)
        child.kill('SIGKILL')
      })

      test('is not while it runs', async () => {
        const child = start([linsight, 'mynetstat', '-ntc'])
        await once(child.stdout, 'data')
        for (let count = 0; count < 5; count += 1) child.kill('SIGUSR1')
        await once(child.stdout, 'data')
        expect([isListening(child.pid!), isAlive(child.pid!)]).toEqual([false, true])
        child.kill('SIGKILL')
      })

      test('is not while it starts', async () => {
        for (const afterMs of [0, 10, 20, 30, 40, 60, 80]) {
          const child = start([linsight, 'mynetstat', '-ntc'])
          let seen = false
          let printed = false
          child.stdout.once('data', () => (printed = true))
          await sleep(afterMs)
          // A signal before anybody listens for it ends the process, as it should.
          await until(() => {
            child.kill('SIGUSR1')
            seen ||= isListening(child.pid!)
            return printed || child.exitCode !== null || child.signalCode !== null
          })
          seen ||= isListening(child.pid!)
          child.kill('SIGKILL')
          expect(seen).toBe(false)
        }
      })
    })

    test('its memory is not for its caller', async () => {
      const child = spawn('setpriv', [...NOBODY, linsight, 'mynetstat', '-ntc'], {
        cwd: '/',
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      await once(child.stdout, 'data')
      const look = run('setpriv', [...NOBODY, 'cat', `/proc/${child.pid}/environ`])
      expect(look).toMatchObject({ status: 1, stdout: '' })
      const traced = run('setpriv', [...NOBODY, 'strace', '-p', String(child.pid)], { cwd: '/' })
      expect(traced.stderr).toContain('Operation not permitted')
      child.kill('SIGKILL')
    })

    test('takes nothing from its environment', () => {
      const provider = `openssl_conf = i\n[i]\nproviders = p\n[p]\nevil = e\n[e]\nmodule = ${trap}/take.so\nactivate = 1\n`
      writeFileSync(join(trap, 'openssl.cnf'), provider)
      const variables = {
        NODE_OPTIONS: `--require ${trap}/take.js`,
        NODE_PATH: trap,
        NODE_EXTRA_CA_CERTS: join(secret, 'text'),
        NODE_V8_COVERAGE: join(trap, 'caught-coverage'),
        NODE_REDIRECT_WARNINGS: join(trap, 'caught-warnings'),
        NODE_COMPILE_CACHE: join(trap, 'caught-cache'),
        NODE_ICU_DATA: trap,
        NODE_REPL_EXTERNAL_MODULE: join(trap, 'take.js'),
        NODE_DEBUG_NATIVE: 'CODE_CACHE',
        OPENSSL_CONF: join(trap, 'openssl.cnf'),
        OPENSSL_MODULES: trap,
        SSL_CERT_FILE: join(secret, 'text'),
        LD_PRELOAD: join(trap, 'take.so'),
        LD_LIBRARY_PATH: trap,
        LD_AUDIT: join(trap, 'take.so'),
        GCONV_PATH: trap,
        HOME: trap,
        XDG_CONFIG_HOME: trap,
        TMPDIR: trap,
      }
      const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
      const log = join(folder, 'calls')
      /** strace as root lets the capabilities be; it starts the program as nobody. */
      const openedBy = (program: readonly string[]) => {
        const { status } = run(
          'strace',
          [
            '-f',
            '-u',
            'nobody',
            '-s',
            '300',
            '-e',
            'trace=%file',
            '-o',
            log,
            'env',
            '-u',
            'NO_COLOR',
            ...settings,
            ...program,
          ],
          { cwd: '/' },
        )
        const calls = readFileSync(log, 'latin1').split('\n')
        const begun = calls.findLastIndex(call => call.includes(`execve("${program[0]}"`))
        const named = calls.slice(begun + 1).filter(call => call.includes(trap) || call.includes(secret))
        return { status, named, caught: caught() }
      }
      expect(openedBy([linsight, 'mynetstat', '-ntlp'])).toEqual({ status: 0, named: [], caught: [] })
      expect(openedBy([linsight, '--version'])).toEqual({ status: 0, named: [], caught: [] })
      const plain = openedBy([builtExecutable().linsight, '--version'])
      expect(plain.caught).toContain('caught-so')
      // What belongs to its caller alone may be told what to do; NODE_OPTIONS is read by no executable of ours.
      expect(plain.caught).not.toContain('caught-js')
      const node = join(folder, 'node')
      expect(openedBy([node, '-e', '0']).caught).toContain('caught-js')
    })

    test('nor does a second thread', needs('mount'), () => {
      const line = '100 1795175451.100000 read(3, "x", 1) = 1 <0.000005>\n'
      writeFileSync(join(trap, 'log'), line.repeat(Math.ceil((66 * 1024 * 1024) / line.length)))
      // As if a processor were free: it is not where other tests run.
      writeFileSync(join(folder, 'loadavg'), '0.00 0.00 0.00 0/100 1\n')
      const script = 'mount --bind "$0" /proc/loadavg && exec "$@"'
      const traced = ['strace', '-f', '-u', 'nobody', '-e', 'trace=%file', '-o', join(folder, 'calls'), linsight]
      const { status } = run(
        'unshare',
        ['--mount', 'sh', '-c', script, join(folder, 'loadavg'), ...traced, 'trace-syscalls', '--from', 'log'],
        { cwd: trap, env: { NODE_V8_COVERAGE: join(trap, 'caught-coverage') } },
      )
      expect(status).toBe(0)
      expect(readFileSync(join(folder, 'calls'), 'latin1')).toContain('/proc/loadavg')
      expect(caught()).toEqual([])
      rmSync(join(trap, 'log'))
    })

    test('takes no option of Node from its command line, the name that it is called by included', () => {
      writeFileSync(join(trap, 'options.json'), JSON.stringify({ nodeOptions: { require: [join(trap, 'take.js')] } }))
      writeFileSync(join(trap, 'options.env'), `NODE_OPTIONS=--require=${trap}/take.js\n`)
      const named = (name: string, program: string, words: readonly string[]) => {
        const call = ['bash', '-c', 'exec -a "$0" "$@"', name, program, ...words]
        const { stdout, stderr } = run('setpriv', [...NOBODY, ...call], { cwd: trap })
        return { stderr, says: stdout.split('\n')[0], caught: caught() }
      }
      const node = join(folder, 'node')
      copyFileSync(baseNode(), node)
      const name = `--require=${trap}/take.js`
      expect(run('setpriv', [...NOBODY, node, name, '-e', '0']).status).toBe(0)
      expect(caught()).toEqual(['caught-js'])
      const options = [
        name,
        `--import=${trap}/take.js`,
        `--env-file=${trap}/options.env`,
        `--experimental-config-file=${trap}/options.json`,
        `--openssl-config=${join(secret, 'text')}`,
        '--inspect=127.0.0.1:0',
        '--inspect-brk=127.0.0.1:0',
        '--cpu-prof',
        '--prof',
        '--run=start',
        '-tw-stats',
      ]
      for (const option of options) {
        const expected = { stderr: '', says: 'Active Internet connections (only servers)', caught: [] }
        expect(named(option, linsight, ['mynetstat', '-ntl'])).toEqual(expected)
      }
      for (const file of [join(secret, 'text'), join(trap, 'options.json'), '/nowhere']) {
        for (const words of [['--experimental-config-file', file], [`--env-file=${file}`], [`--require=${file}`]]) {
          const { stderr, status } = asNobody(['mynetstat', ...words])
          expect(stderr).toContain(`linsight: there is no flag ${words[0]}`)
          expect(status).toBe(2)
        }
      }
      expect(caught()).toEqual([])
      expect(readdirSync(trap).filter(name => /\.(cpuprofile|log)$/.test(name))).toEqual([])
    })

    test('a Node that starts it is not told anything, and has nothing to say', async () => {
      for (const env of [{}, { NODE_UNIQUE_ID: '1' }]) {
        const child = spawn('setpriv', [...NOBODY, linsight, 'mynetstat', '-ntl'], {
          cwd: '/',
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
        })
        let isConnected = true
        child.once('disconnect', () => (isConnected = false))
        const [printed] = (await once(child.stdout!, 'data')) as [Buffer]
        expect(printed.toString()).toMatch(/^Active/)
        await once(child, 'exit')
        expect([isConnected, child.exitCode]).toEqual([false, 0])
      }
    })

    test('loads no native code that another than its owner may have put beside it', () => {
      const own = join(folder, 'own')
      mkdirSync(own)
      const copy = join(own, 'linsight')
      // As a hard link, which keeps its capabilities.
      run('ln', [linsight, copy])
      copyFileSync(join(trap, 'take.so'), join(own, 'linsight-koffi.node'))
      const loads = () => {
        const { status, stdout } = run('setpriv', [...NOBODY, copy, 'mynetstat', '-ntl'], { cwd: '/' })
        expect({ status, says: stdout.startsWith('Active') }).toEqual({ status: 0, says: true })
        return caught()
      }
      expect(loads()).toEqual(['caught-so'])
      chownSync(own, NOBODY_ID, NOBODY_ID)
      expect(loads()).toEqual([])
      chownSync(own, 0, 0)
      chmodSync(own, 0o1777)
      expect(loads()).toEqual([])
      chmodSync(own, 0o755)
      chownSync(join(own, 'linsight-koffi.node'), NOBODY_ID, NOBODY_ID)
      expect(loads()).toEqual([])
      rmSync(join(own, 'linsight-koffi.node'))
      symlinkSync(join(trap, 'take.so'), join(own, 'linsight-koffi.node'))
      expect(loads()).toEqual([])
    })

    test('loads none where its name is given to another file after it was started', async () => {
      const own = join(folder, 'renamed')
      mkdirSync(own)
      copyFileSync(join(trap, 'take.so'), join(own, 'linsight-koffi.node'))
      for (const name of ['', 'linsight-koffi.node']) chownSync(join(own, name), NOBODY_ID, NOBODY_ID)
      for (let afterMs = 5; afterMs <= 60; afterMs += 5) {
        run('ln', [linsight, join(own, 'linsight')])
        writeFileSync(join(own, 'other'), '')
        chownSync(join(own, 'other'), NOBODY_ID, NOBODY_ID)
        const ids = { uid: NOBODY_ID, gid: NOBODY_ID }
        const child = spawn(join(own, 'linsight'), ['mynetstat', '-ntl'], { cwd: '/', stdio: 'ignore', ...ids })
        const ended = once(child, 'exit')
        await sleep(afterMs)
        renameSync(join(own, 'other'), join(own, 'linsight'))
        await ended
        rmSync(join(own, 'linsight'))
        expect(caught()).toEqual([])
      }
    })

    /** Tries something forty times while the user gives two files of theirs each other's name, as fast as that goes. */
    async function whileSwapping(one: string, other: string, trial: () => void) {
      const program = `#include <fcntl.h>\n#include <stdio.h>\nint main(int n, char **names) { for (;;) renameat2(AT_FDCWD, names[1], AT_FDCWD, names[2], RENAME_EXCHANGE); }\n`
      writeFileSync(join(trap, 'swap.c'), program)
      run('gcc', ['-D_GNU_SOURCE', '-o', join(trap, 'swap'), join(trap, 'swap.c')])
      const swapping = spawn('setpriv', [...NOBODY, join(trap, 'swap'), one, other], { cwd: trap, stdio: 'ignore' })
      try {
        await once(swapping, 'spawn')
        for (let count = 0; count < 40; count += 1) trial()
      } finally {
        swapping.kill('SIGKILL')
      }
    }

    describe('a file that only root may read is not read', () => {
      const questions: [string, (file: string) => string[]][] = [
        ['mynetstat --from', file => ['mynetstat', '-a', '--json', '--from', file]],
        ['mynetstat --diff', file => ['mynetstat', '--diff', file, 'mine', '--json']],
        ['mynetstat --before', file => ['mynetstat', '--health', '--before', file, '--json']],
        ['tw-stats --from', file => ['tw-stats', '--json', '--from', file]],
        ['trace-syscalls --from', file => ['trace-syscalls', '--from', file]],
        ['trace-syscalls --diff', file => ['trace-syscalls', '--diff', file, '--from', 'mine']],
        ['diagnose --from', file => ['diagnose', '--json', '--from', file]],
        ['snapshot show', file => ['snapshot', 'show', file, '--json']],
        ['snapshot save --from', file => ['snapshot', 'save', '--from', file, '-']],
        ['bpf replay', file => ['bpf', 'replay', file]],
        ['bpf script', file => ['bpf', 'script', file]],
        ['top --from', file => ['top', '--from', file]],
        ['metrics print --from', file => ['metrics', 'print', '--from', file]],
        ['metrics serve --web-config', file => ['metrics', 'serve', '--listen', '127.0.0.1:0', '--web-config', file]],
        ['report', file => ['report', file, '-o', 'report.html']],
        ['--hosts-file', file => ['mynetstat', '--hosts-file', file]],
      ]
      test.each(questions)('%s', (_, words) => {
        symlinkSync(join(secret, 'recording'), join(trap, 'link'))
        try {
          for (const file of [join(secret, 'recording'), join(secret, 'text'), 'link', secret]) {
            const { status, stdout, stderr } = asNobody(words(file))
            expect(status).toBeGreaterThan(2)
            expect(stdout + stderr).not.toContain(SECRET)
            expect(stdout + stderr).toMatch(/permission denied|not permitted|may not/i)
          }
        } finally {
          rmSync(join(trap, 'link'))
        }
      })

      test('while another takes its name in turn', async () => {
        // Root's file in a folder of the user's, who may rename it.
        writeFileSync(join(trap, 'of-root'), `${SECRET}\n`, { mode: 0o600 })
        writeFileSync(join(trap, 'of-user'), 'mine\n', { mode: 0o644 })
        await whileSwapping('of-root', 'of-user', () => {
          const { stdout, stderr } = asNobody(['trace-syscalls', '--from', 'of-user'])
          expect(stdout + stderr).not.toContain(SECRET)
        })
      })

      test('of /proc, where the mode says nothing of who may', () => {
        const told = (words: readonly string[], input?: string) => {
          const line =
            input === undefined ? [linsight, ...words] : ['sh', '-c', `exec "$@" <${input}`, 'sh', linsight, ...words]
          return run('setpriv', [...NOBODY, ...line], { cwd: trap })
        }
        for (const file of ['/proc/1/stat', '/proc/1/mountinfo', '/proc/1/net', '/proc/1']) {
          for (const words of [
            ['trace-syscalls', '--from'],
            ['mynetstat', '--from'],
            ['snapshot', 'show'],
          ]) {
            const { stdout, stderr, status } = told([...words, file])
            expect({ stdout, status }).toEqual({ stdout: '', status: 4 })
            expect(stderr).toContain('permission denied')
          }
        }
        for (const words of [['trace-syscalls'], ['mynetstat'], ['diagnose']]) {
          const { stdout, stderr } = told([...words, '--from', '-'], '/proc/1/stat')
          expect(stdout).toBe('')
          expect(stderr).toContain('standard input could not be read: permission denied')
        }
        expect(told(['mynetstat', '-a', '--from', '-'], 'mine').status).toBe(0)
      })

      test('as a tool in a folder of the PATH', () => {
        const bin = join(trap, 'tools')
        mkdirSync(bin)
        symlinkSync(join(secret, 'text'), join(bin, 'opensnoop-bpfcc'))
        const env = { PATH: `${bin}:${process.env['PATH']}` }
        const { stdout } = asNobody(['bpf', 'list', '--json'], { env })
        expect(stdout).toContain(`${bin}/opensnoop-bpfcc could not be read (EACCES)`)
      })

      test('by the environment', () => {
        const { status, stderr } = asNobody(['mynetstat'], { env: { LINSIGHT_FROM: join(secret, 'recording') } })
        expect(stderr).toContain('could not be read: permission denied')
        expect(status).toBe(4)
        const home = asNobody(['mynetstat', '--host', '@web'], { env: { HOME: secret, XDG_CONFIG_HOME: undefined } })
        expect(home.stderr).toContain('could not be read: permission denied')
        expect(home.stderr).not.toContain(SECRET)
      })
    })

    test('nor while the folder is replaced by a link', async () => {
      mkdirSync(join(trap, 'way'))
      chownSync(join(trap, 'way'), NOBODY_ID, NOBODY_ID)
      symlinkSync(join(secret, 'open'), join(trap, 'link-to-open'))
      await whileSwapping('way', 'link-to-open', () => {
        asNobody(['snapshot', 'save', '--from', 'mine', 'way/new'])
        expect(readdirSync(join(secret, 'open'))).toEqual([])
      })
    })

    test('what it records of a process of root does not tell where its memory is', () => {
      const address = /^\d+ \(.*\) (?:\S+ ){23}(\d+) (\d+) (\d+) /s
      expect(Number(address.exec(readFileSync(`/proc/${process.pid}/stat`, 'latin1'))![3])).toBeGreaterThan(2 ** 32)
      const { stdout } = asNobody(['snapshot', 'save', '-'])
      const { files } = JSON.parse(stdout) as { files: Record<string, string> }
      expect(address.exec(files[`${process.pid}/stat`]!)!.slice(1)).toEqual(['1', '1', '0'])
    })

    test('nothing is written where its caller could not go', () => {
      const there = join(secret, 'open/new')
      const lines = [
        ['snapshot', 'save', '--from', 'mine', there],
        ['trace-syscalls', '-o', there, '--', 'true'],
        ['trace-syscalls', '--record', there, '--', 'true'],
        ['diagnose', '--record', there, '--duration', '2s'],
        ['bpf', 'doctor', '--record', there],
        ['report', 'mine', '-o', there],
      ]
      for (const line of lines) {
        const { status, stderr } = asNobody(line)
        expect(stderr).toMatch(/could not be written: permission denied/)
        expect(status).toBe(4)
      }
      // The folder for connections that are shared.
      asNobody(['mynetstat', '--host', '127.0.0.1'], { env: { XDG_RUNTIME_DIR: join(secret, 'open') } })
      expect(readdirSync(join(secret, 'open'))).toEqual([])
    })

    test('what it starts has no capabilities: commands, tracers, and what the PATH gives for them', () => {
      const rights = join(trap, 'caught-rights')
      const fake = join(trap, 'bin')
      mkdirSync(fake)
      for (const tool of [
        'strace',
        'setpriv',
        'bpftrace',
        'ss',
        'ip',
        'nft',
        'nsenter',
        'conntrack',
        'perf',
        'syscount',
      ]) {
        writeFileSync(join(fake, tool), `#!/bin/sh\ngrep -h Cap[EP] /proc/self/status >>${rights}\n`, { mode: 0o755 })
      }
      const PATH = `${fake}:${process.env['PATH']}`
      const lines = [
        ['trace-syscalls', '--backend', 'strace', '--', 'true'],
        ['mynetstat', '-nt', '--peer'],
        ['mynetstat', '-r', '-v'],
        ['mynetstat', '--exposure'],
        ['bpf', 'doctor'],
      ]
      for (const line of lines) run('setpriv', [...NOBODY, 'env', `PATH=${PATH}`, linsight, ...line], { cwd: trap })
      expect(existsSync(rights)).toBe(true)
      expect([...new Set(readFileSync(rights, 'latin1').trim().split('\n'))].sort()).toEqual([
        'CapEff:\t0000000000000000',
        'CapPrm:\t0000000000000000',
      ])
      caught()
      const { stdout } = asNobody([
        'trace-syscalls',
        '--backend',
        'strace',
        '--',
        'grep',
        '-h',
        'Cap[EPA]',
        '/proc/self/status',
      ])
      expect(stdout).toContain('CapEff:\t0000000000000000\n')
      expect(stdout).toContain('CapAmb:\t0000000000000000\n')
      const refused = asNobody(['trace-syscalls', '--backend', 'strace', '--duration', '1s', '-p', '1'])
      expect([3, 5]).toContain(refused.status)
    })
  },
)
