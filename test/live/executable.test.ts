// What npm run build:executable makes: every command in one file, the same as from the package.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { baseNode, builtExecutable } from '../support/executable.ts'
import { needs } from '../support/needs.ts'
import { fixture, ROOT, ZOO } from '../support/paths.ts'
import { run, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { bin, version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  bin: Record<string, string>
  version: string
}

describe('one executable', needs('Linux'), () => {
  let linsight: string
  let links: string
  beforeAll(() => {
    linsight = builtExecutable().linsight
    links = temporaryFolder()
    for (const name of Object.keys(bin)) symlinkSync(linsight, join(links, name))
  }, 300_000)

  test.each(Object.keys(bin))('is %s where it is called by that name', name => {
    const given = ['--nope']
    const { stdout, stderr, status } = run(join(links, name), given)
    expect({ stdout, stderr, status }).toEqual(runBin(name, given))
    expect(stderr).toContain(`${name}: `)
  })

  test('is linsight under any other name, and says which Node it has', () => {
    symlinkSync(linsight, join(links, 'other'))
    expect(run(join(links, 'other'), ['--version']).stdout).toMatch(
      new RegExp(`^linsight/${version} linux-\\w+ node-v24\\.`),
    )
  })

  const words: [string, ...string[]][] = [
    ['mynetstat', '-antp', '--from', ZOO],
    ['mynetstat', '-antp', '--json', '--from', ZOO],
    ['tw-stats', '--from', ZOO],
    ['trace-syscalls', '--from', fixture('strace/zoo.log')],
    ['bpf', 'replay', fixture('bpf/opensnoop.ndjson')],
    ['snapshot', 'show', ZOO, '--json'],
    ['diagnose', '--from', fixture('diagnose/accept-queue-full.diag.json')],
    ['diagnose', '--from', '/does/not/exist', '--json'],
    ['nope'],
  ]
  test.each(words.map(line => [line]))('linsight %j says what the package says', line => {
    expect(run(linsight, line)).toEqual(runBin('linsight', line))
  })

  test('every group of commands is in it', () => {
    const bundles = readdirSync(`${ROOT}dist`).flatMap(name => /^(.+)\.cjs$/.exec(name)?.[1] ?? [])
    const groups = bundles.filter(name => !name.startsWith('library'))
    expect(groups).toContain('snapshot')
    for (const group of groups) {
      const line = group === 'linsight' ? ['--help'] : [group, '--help']
      const { stdout, ...rest } = run(linsight, line)
      const own = (text: string) => text.replace(/node-v\S+/, '')
      expect({ ...rest, stdout: own(stdout) }).toEqual({
        ...runBin('linsight', line),
        stdout: own(runBin('linsight', line).stdout),
      })
    }
  })

  test('starts as fast as Node, nearly', () => {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
    const least = { own: Infinity, node: Infinity }
    const time = (name: keyof typeof least, command: string, args: readonly string[]) => {
      const start = performance.now()
      expect(spawnSync(command, args, { env, stdio: 'ignore' }).status).toBe(0)
      least[name] = Math.min(least[name], performance.now() - start)
    }
    for (let pair = 0; pair < 15; pair += 1) {
      time('node', baseNode(), ['-e', '0'])
      time('own', linsight, ['--version'])
    }
    // Measured 1.05 to 1.2.
    expect(least.own / least.node).toBeLessThan(1.8)
  })

  test('reads no option of Node from its own command line', () => {
    const { stderr, status } = run(linsight, ['--inspect', '--eval', '1'])
    expect(stderr).not.toContain('Debugger')
    expect(status).toBe(2)
  })

  test('asks the kernel about sockets through what lies beside it', needs('strace'), () => {
    const log = join(temporaryFolder(), 'log')
    run('strace', ['-f', '-e', 'trace=socket', '-o', log, join(links, 'mynetstat'), '-ntl'])
    expect(readFileSync(log, 'latin1')).toContain('NETLINK_SOCK_DIAG')
  })

  test('reads a large log with a second thread', needs('root', 'namespaces', 'unshare', 'mount', 'strace'), () => {
    const folder = temporaryFolder()
    const line = '100 1795175451.100000 read(3, "x", 1) = 1 <0.000005>\n'
    writeFileSync(join(folder, 'log'), line.repeat(Math.ceil((66 * 1024 * 1024) / line.length)))
    // As if a processor were free: it is not where other tests run.
    writeFileSync(join(folder, 'loadavg'), '0.00 0.00 0.00 0/100 1\n')
    const { stdout, status } = run('unshare', [
      '--mount',
      'sh',
      '-c',
      'mount --bind "$0/loadavg" /proc/loadavg; exec strace -f -e trace=pread64,read -e signal=none -P "$0/log" -o "$0/calls" "$1" --from "$0/log" --json',
      folder,
      join(links, 'trace-syscalls'),
    ])
    expect(status).toBe(0)
    expect((JSON.parse(stdout) as { rows: object[] }).rows).toMatchObject([
      { label: 'read', calls: statSync(join(folder, 'log')).size / line.length },
    ])
    const readers = new Set(readFileSync(join(folder, 'calls'), 'latin1').match(/^\d+/gm))
    expect(readers.size).toBeGreaterThan(1)
  })
})

test(
  'one for arm64 is made here, and says there what this machine says',
  { ...needs('qemu-aarch64'), timeout: 170_000 },
  () => {
    const out = temporaryFolder()
    const script = join(ROOT, 'scripts/build-executable.mjs')
    expect(run(process.execPath, [script, '--arch', 'arm64', '--out', out], { timeoutMs: 120_000 }).status).toBe(0)
    const env = { QEMU_LD_PREFIX: process.env['QEMU_LD_PREFIX'] ?? '/usr/aarch64-linux-gnu' }
    const there = (words: readonly string[], name = 'linsight') =>
      run('qemu-aarch64', ['-0', name, join(out, 'linsight'), ...words], { env })
    expect(there(['--version']).stdout).toMatch(new RegExp(`^linsight/${version} linux-arm64 node-v24\\.`))
    const words = ['-antp', '--from', ZOO]
    expect(there(words, 'mynetstat')).toEqual(runBin('mynetstat', words))
    expect(there(['-n'], '--require=/nowhere').stderr).toBe('linsight: there is no flag -n\n  see linsight --help\n')
    const option = '--experimental-config-file=/nowhere'
    expect(there(['mynetstat', option]).stderr).toContain(`linsight: there is no flag ${option}`)
  },
)

test('no executable is built from a Node whose inspector a signal opens', needs('Linux'), () => {
  const old = join(temporaryFolder(), 'node')
  writeFileSync(old, '#!/bin/sh\necho v20.20.2\n', { mode: 0o755 })
  const script = join(ROOT, 'scripts/build-executable.mjs')
  const out = temporaryFolder()
  const { status, stderr } = run(process.execPath, [script, '--node', old, '--out', out])
  expect(stderr).toBe(
    `build:executable: ${old} is Node v20.20.2, and an executable is built from Node 22 or newer: signals open the inspector of an older one\n`,
  )
  expect({ status, files: readdirSync(out) }).toEqual({ status: 3, files: [] })
})
