// A project that installs the tarball: it loads the library both ways, and its compiler knows the types.
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { beforeAll, expect, test } from 'vitest'
import { ROOT, ZOO } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** npm keeps its own state in variables that would reach the npm we start. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)))
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name)

let project: string
let tarball: string

beforeAll(() => {
  project = temporaryFolder()
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: project, env, stdio: 'pipe', encoding: 'utf8' })
  const packed = npm('pack', ROOT, '--json', '--ignore-scripts')
  tarball = join(project, (JSON.parse(packed) as [{ filename: string }])[0].filename)
  writeFileSync(join(project, 'package.json'), '{"name": "consumer", "private": true, "type": "module"}')
  npm('install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=optional', tarball)
  mkdirSync(join(project, 'node_modules/@types'))
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'))
})

function runs(name: string, text: string): string {
  writeFileSync(join(project, name), text)
  const { status, stdout, stderr } = run(process.execPath, [name], { cwd: project })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

const USE = `async function count(from) {
  const machine = await open({ from })
  const { schema, sockets } = await machine.sockets({ listening: true, protocols: ['tcp'] })
  await machine.close()
  return schema + ' ' + sockets.length
}
count(process.argv[2] ?? ${JSON.stringify(ZOO)}).then(text => console.log(text))
`

test('import and require, and both are one instance', () => {
  const imported = runs('esm.mjs', `import { open } from 'linsight'\n${USE}`)
  const required = runs('cjs.cjs', `const { open } = require('linsight')\n${USE}`)
  expect(imported).toMatch(/^linsight\/sockets\/1 [1-9]\d*\n$/)
  expect(required).toBe(imported)
  const same = runs(
    'same.mjs',
    `import { createRequire } from 'node:module'
     import * as imported from 'linsight'
     const required = createRequire(import.meta.url)('linsight')
     console.log(Object.keys(required).every(name => required[name] === imported[name]), Object.keys(imported).join())`,
  )
  expect(same).toBe('true InputError,LinsightError,MachineError,ToolError,UsageError,open\n')
})

/** What a program may write, and what its compiler must refuse. */
const TYPED = `import { open, InputError, type SocketJson, type Machine, type SocketsDocument } from 'linsight'
const machine: Machine = await open({ from: 'web1.snap.json' })
const { sockets, warnings }: SocketsDocument = await machine.sockets({ port: 443, protocols: ['tcp', 'unix'] })
const first: SocketJson | undefined = sockets[0]
const program: string | undefined = first?.owners?.[0]?.program
if (first?.protocol === 'unix') first.path satisfies string | undefined
else if (first?.protocol === 'tcp6') first.localPort.toFixed()
const severity: 'ok' | 'info' | 'warning' | 'critical' | 'unknown' = (await machine.timeWait()).verdict.severity
for await (const { opened, closed } of machine.watch({ interval: 1000, signal: AbortSignal.timeout(1) }))
  opened.concat(closed.map(({ socket }) => socket))
const findings: string[] = (await machine.diagnose()).findings.filter(({ cause }) => cause === 'close-wait-leak').map(({ finding }) => finding)
try {
  await machine[Symbol.asyncDispose]()
} catch (error) {
  if (error instanceof InputError) error.code satisfies 'input-missing' | 'input-unreadable' | 'input-format' | 'output-unwritable'
}
console.log(program, severity, findings, warnings[0]?.code)
// @ts-expect-error a protocol that is none
await machine.sockets({ protocols: ['ipx'] })
// @ts-expect-error a cause that is none
;(await machine.diagnose()).findings.some(({ cause }) => cause === 'nosuch')
// @ts-expect-error a flag of the command line
await machine.sockets({ numeric: true })
`

test.each([
  ['esm.mts', TYPED],
  [
    'cjs.cts',
    `import linsight = require('linsight')\nasync function main() {\n${TYPED.replace(/^import .*\n/, '')
      .replaceAll(': Machine', ': linsight.Machine')
      .replaceAll(': SocketsDocument', ': linsight.SocketsDocument')
      .replaceAll(': SocketJson', ': linsight.SocketJson')
      .replace('await open(', 'await linsight.open(')
      .replace('instanceof InputError', 'instanceof linsight.InputError')}}\nvoid main()\n`,
  ],
])('the types, in %s', (name, text) => {
  writeFileSync(join(project, name), text)
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ['node'],
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }))
  const { status, stdout } = run(bin('tsc'), ['-p', project], { cwd: project })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})

test('publint has nothing to say', async () => {
  const { messages, pkg } = await publint({ pkgDir: join(project, 'node_modules/linsight'), strict: true })
  expect(messages.map(message => formatMessage(message, pkg, { color: false }))).toEqual([])
})

test('the types are not wrong', () => {
  const { status, stdout } = run(bin('attw'), [tarball, '--profile', 'strict', '--format', 'ascii', '--no-color'])
  expect(stdout).toContain('No problems found')
  expect(status).toBe(0)
})

test('types/ is what the sources give: npm run types', { timeout: 180_000 }, () => {
  const { status, stderr } = run(process.execPath, [join(ROOT, 'scripts/write-types.mjs'), '--check'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
