// The bundle, its stubs and the code cache change nothing but the time: the same invocations give the same output and
// exit status as the program built on stock oclif, on every Node version we support.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, chmodSync, cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { ROOT, ZOO } from '../support/paths.ts'
import { run as runAny } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NODES = join(ROOT, 'node_modules/.cache/nodes')

const INVOCATIONS: [bin: string, args: string[]][] = [
  ['linsight', []],
  ['linsight', ['--help']],
  ['linsight', ['help']],
  ['linsight', ['--version']],
  ['linsight', ['-V']],
  ['linsight', ['nope']],
  ['linsight', ['--nope']],
  ['linsight', ['mynetstat', '--help']],
  ['linsight', ['mynetstat', '-ntl', '--from', ZOO]],
  ['linsight', ['mynetstat:nope']],
  ['linsight', ['snapshot']],
  ['linsight', ['snapshot', '--help']],
  ['linsight', ['snapshot:show', ZOO, '--json']],
  ['linsight', ['snapshot', 'save']],
  ['mynetstat', ['--help']],
  ['mynetstat', ['-h']],
  ['mynetstat', ['--version']],
  ['mynetstat', ['--nope']],
  ['mynetstat', ['--nope', '--json']],
  ['mynetstat', ['--color', 'sometimes']],
  ['mynetstat', ['--from']],
  ['mynetstat', ['-antp', '--from', ZOO]],
  ['mynetstat', ['-antp', '--json', '--from', ZOO]],
  ['mynetstat', ['--from', '/does/not/exist', '--json']],
  ['tw-stats', ['--help']],
  ['tw-stats', ['--from', ZOO]],
  ['tw-stats', ['--json', '--fail-on', 'nonsense']],
  ['trace-syscalls', ['--help']],
  ['trace-syscalls', ['--from', join(ROOT, 'fixtures/strace/go-tcp-server.txt')]],
  ['trace-syscalls', ['--from', ZOO]],
  ['linsight', ['bpf']],
  ['linsight', ['bpf', 'run', '--help']],
  ['linsight', ['bpf', 'run', 'nope']],
  ['linsight', ['bpf', 'replay', join(ROOT, 'fixtures/bpf/opensnoop.ndjson')]],
]

const run = (node: string, program: string[], args: string[]) =>
  runAny(node, [...program, ...args], { env: { DEBUG: '', NODE_ENV: '' } })

const MAJORS = ['20', '22', '24']
const nodeOf = (major: string) => join(NODES, major, `node_modules/node-${process.platform}-${process.arch}/bin/node`)

const threeNodes = needs({
  need: 'Node 20, 22 and 24',
  isMet: () => MAJORS.every(major => existsSync(nodeOf(major))),
  remedy: 'node scripts/install-nodes.mjs',
})

describe('the bundle is the program', threeNodes, () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(ROOT, 'node_modules/.cache/reference-'))
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import {referenceBundle} from './scripts/reference-bundle.mjs'; await referenceBundle(process.argv[1], 'reference.cjs')`,
        folder,
      ],
      { cwd: ROOT },
    )
    writeFileSync(
      join(folder, 'run.cjs'),
      `const [bin, ...argv] = process.argv.slice(2)\nrequire('./reference.cjs')(bin, argv, ${JSON.stringify(ROOT.replace(/\/$/, ''))})\n`,
    )
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe.each(MAJORS)('Node %s', major => {
    test.each(INVOCATIONS)('%s %j', (bin, args) => {
      const reference = run(nodeOf(major), [join(folder, 'run.cjs'), bin], args)
      expect(run(nodeOf(major), [join(ROOT, `bin/${bin}.cjs`)], args)).toEqual(reference)
      expect(reference.stdout + reference.stderr).not.toBe('')
    })
  })
})

describe('the code cache', () => {
  let folder: string
  beforeAll(() => {
    folder = temporaryFolder()
    for (const part of ['bin', 'dist', 'scripts', 'fixtures/zoo.snap.json', 'package.json'])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true })
    execFileSync(process.execPath, [join(folder, 'scripts/write-code-cache.cjs')])
  })

  const start = () => run(process.execPath, [join(folder, 'bin/mynetstat.cjs')], ['-ntl', '--from', ZOO])
  const cacheFile = () => join(folder, 'dist', `mynetstat-${process.version}-${process.arch}.cache`)
  const isAccepted = () =>
    run(
      process.execPath,
      [
        '-e',
        `const {load} = require(${JSON.stringify(join(folder, 'bin/launch.cjs'))}); console.log(load('mynetstat').script.cachedDataRejected)`,
      ],
      [],
    ).stdout.trim()

  test('is written for this Node and accepted by it', () => {
    expect(isAccepted()).toBe('false')
  })

  test('a damaged one is passed over in silence', () => {
    const whole = start()
    const cache = readFileSync(cacheFile())
    const damaged = Buffer.from(cache)
    damaged.fill(0x41, 0, 64)
    writeFileSync(cacheFile(), damaged)
    expect(isAccepted()).toBe('true')
    expect(start()).toEqual(whole)
    writeFileSync(cacheFile(), cache.subarray(0, 1000))
    expect(start()).toEqual(whole)
    writeFileSync(cacheFile(), cache)
  })

  test('without one, and in a folder that cannot be written, everything works', () => {
    const whole = start()
    renameSync(cacheFile(), join(folder, 'elsewhere.bin'))
    chmodSync(join(folder, 'dist'), 0o555)
    try {
      expect(start()).toEqual(whole)
      expect(existsSync(cacheFile())).toBe(false)
    } finally {
      chmodSync(join(folder, 'dist'), 0o755)
    }
  })

  test('is looked for in the package only', () => {
    const launcher = readFileSync(join(ROOT, 'bin/launch.cjs'), 'utf8')
    expect(launcher).not.toMatch(/homedir|process\.env|tmpdir/)
  })
})
