// The bundle, its stubs and the code cache change nothing but the time: the same invocations give the same output and
// exit status as the program built on stock oclif, on every Node version we support.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { ROOT, ZOO } from '../support/paths.ts'
import { NOBODY, run as runAny } from '../support/run.ts'
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
  beforeEach(() => {
    folder = temporaryFolder()
    chmodSync(folder, 0o755)
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(ROOT, part), join(folder, part), { recursive: true })
    for (const file of caches()) rmSync(file)
    writeFileSync(
      join(folder, 'spy.cjs'),
      `const vm = require('node:vm')
      vm.Script = class extends vm.Script {
        constructor(source, options) {
          super(source, options)
          process.stderr.write(options.cachedData ? (this.cachedDataRejected ? 'rejected' : 'taken') : 'none')
        }
      }`,
    )
  })

  const caches = () => {
    const dist = join(folder, 'dist')
    return readdirSync(dist)
      .filter(name => name.includes('.cache'))
      .map(name => join(dist, name))
  }
  /** Runs it and tells what became of the cache: 'none', 'taken' or 'rejected'. `before`: a command that runs it. */
  function start(args = ['-ntl', '--from', ZOO], before: readonly string[] = []): string {
    const program = [process.execPath, '--require', join(folder, 'spy.cjs'), join(folder, 'bin/mynetstat.cjs')]
    const [command, ...words] = [...before, ...program, ...args]
    const input = args.includes('-') ? readFileSync(ZOO) : ''
    const { status, stdout, stderr } = runAny(command!, words, { cwd: folder, input })
    expect({ status, says: stdout !== '' }).toEqual(
      args.includes('--nope') ? { status: 2, says: false } : { status: 0, says: true },
    )
    return stderr
  }
  const theOnly = () => {
    expect(caches()).toHaveLength(1)
    return caches()[0]!
  }

  test('is left behind by the first run and taken by the next', () => {
    expect([start(), start(), start()]).toEqual(['none', 'taken', 'taken'])
    expect(statSync(theOnly()).mode & 0o777).toBe(0o644)
  })

  test('is not left behind by a run that failed: most functions were not called', () => {
    start(['--nope'])
    expect(caches()).toEqual([])
  })

  test('is another for --version and --help, which call few functions', () => {
    for (const args of [['--version'], ['--help'], undefined])
      expect([start(args), start(args)]).toEqual(['none', 'taken'])
    const kinds = caches().map(file => basename(file).replace(/-v\d.*/, ''))
    expect(kinds.sort()).toEqual(['linsight-help', 'linsight-version', 'mynetstat'])
  })

  test('a damaged one is passed over in silence, and replaced when it is a day old', () => {
    start()
    const cache = theOnly()
    const whole = readFileSync(cache)
    for (const damaged of [Buffer.from(whole).fill(0x41, 0, 64), whole.subarray(0, 1000), Buffer.alloc(0)]) {
      writeFileSync(cache, damaged)
      expect([start(), start()]).toEqual(['rejected', 'rejected'])
    }
    utimesSync(cache, 0, 0)
    expect([start(), start()]).toEqual(['rejected', 'taken'])
  })

  test('does not outlive the bundle it was made of, however alike the next one', () => {
    start()
    const bundle = join(folder, 'dist/mynetstat.cjs')
    const later = new Date(statSync(bundle).mtimeMs + 1000)
    utimesSync(bundle, later, later)
    expect([start(), start()]).toEqual(['none', 'taken'])
  })

  test('one that others may write to is not taken but replaced', () => {
    start()
    chmodSync(theOnly(), 0o664)
    expect([start(), start()]).toEqual(['none', 'taken'])
  })

  test('a link is not followed but replaced', () => {
    start()
    const cache = theOnly()
    renameSync(cache, join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), cache)
    expect([start(), start()]).toEqual(['none', 'taken'])
  })

  describe('between users', needs('root', 'setpriv'), () => {
    const { uid, gid } = { uid: 65_534, gid: 65_534 }
    /** Reads standard input: the recording may be where the other user cannot look. */
    const asNobody = () => start(['-ntl', '--from', '-'], ['setpriv', ...NOBODY])

    test("root's package: a user takes root's and leaves none", () => {
      expect(asNobody()).toBe('none')
      expect(caches()).toEqual([])
      start()
      expect(asNobody()).toBe('taken')
    })

    test("root's package: root does not take a user's", () => {
      start()
      chownSync(theOnly(), uid, gid)
      expect([start(), start()]).toEqual(['none', 'taken'])
      expect(statSync(theOnly()).uid).toBe(0)
    })

    test("a user's package: root leaves nothing there, the user does", () => {
      const dist = join(folder, 'dist')
      for (const file of [dist, ...readdirSync(dist).map(name => join(dist, name))]) chownSync(file, uid, gid)
      expect(start()).toBe('none')
      expect(caches()).toEqual([])
      expect([asNobody(), asNobody(), start()]).toEqual(['none', 'taken', 'taken'])
    })
  })
})
