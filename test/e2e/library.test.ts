// The library gives the documents that the commands print, as built and in a thread of its own.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { OpenOptions, SocketQuery } from '../../src/library/index.ts'
import { builtLibrary, withMachine } from '../support/library.ts'
import { manySockets } from '../support/many-sockets.ts'
import { fixture, ROOT, ZOO } from '../support/paths.ts'
import { run, runBin } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { open, InputError, LinsightError, UsageError } = builtLibrary
const NAMESPACES = fixture('namespaces.snap.json')

function printed(bin: string, args: readonly string[]): object {
  const { stdout, stderr } = runBin(bin, [...args, '--json'])
  expect(stderr).toBe('')
  return JSON.parse(stdout) as object
}

describe('sockets() is what mynetstat prints', () => {
  test.each<[query: SocketQuery, from: string, args: string[]]>([
    [{}, ZOO, ['-a']],
    [{ listening: true }, ZOO, ['-l']],
    [{ listening: false }, ZOO, []],
    [{ protocols: ['tcp'] }, ZOO, ['-at']],
    [{ protocols: ['tcp'], family: 'ipv6' }, ZOO, ['-at6']],
    [{ protocols: ['packet', 'netlink', 'unix'] }, ZOO, ['-aA', 'unix,packet,netlink']],
    [{ protocols: ['sctp', 'udplite'] }, ZOO, ['-a', '--sctp', '--udplite']],
    [{ port: [443, 10_050] }, ZOO, ['-a', ':443', ':10050']],
    [{ filter: 'state close-wait or sport = :10050' }, ZOO, ['-a', 'state close-wait or sport = :10050']],
    [{ tcpInfo: true }, ZOO, ['-a', '--tcp-info']],
    [{ unlisted: true }, ZOO, ['-a', '--unlisted']],
    [{ peers: true }, ZOO, ['-a', '--peer']],
    [{ netns: 'blue', listening: true }, NAMESPACES, ['-l', '--netns', 'blue']],
    [{ allNamespaces: true }, NAMESPACES, ['-a', '--all-netns']],
    [{ listening: true, port: 8080 }, fixture('firewall/published.snap.json'), ['-l', ':8080']],
  ])('%j', async (query, from, args) => {
    const document = await withMachine({ from }, machine => machine.sockets(query))
    expect(document).toEqual(printed('mynetstat', [...args, '--from', from]))
    expect(schemaErrors('sockets', document)).toEqual([])
    expect(document.sockets.length).toBeGreaterThan(0)
  })
})

test('without owners no process is looked at', async () => {
  const { sockets, ...rest } = await withMachine({ from: ZOO }, machine => machine.sockets({ owners: false }))
  expect(sockets.length).toBeGreaterThan(20)
  expect(sockets.filter(({ owners }) => owners !== undefined)).toEqual([])
  expect(rest).not.toHaveProperty('processes')
})

describe('timeWait() is what tw-stats prints', () => {
  test.each([
    [{}, ZOO, []],
    [{ by: 'remote' as const, top: 2 }, ZOO, ['--by', 'remote', '--top', '2']],
    [{ filter: 'dport = :443' }, ZOO, ['dport', '=', ':443']],
    [{ netns: 'spare' }, NAMESPACES, ['--netns', 'spare']],
  ])('%j', async (query, from, args) => {
    const document = await withMachine({ from }, machine => machine.timeWait(query))
    expect(document).toEqual(printed('tw-stats', [...args, '--from', from]))
  })
})

describe('diagnose() is what linsight diagnose prints', () => {
  test.each([ZOO, fixture('diagnose/accept-queue-full.diag.json')])('%s', async from => {
    const document = await withMachine({ from }, machine => machine.diagnose())
    const { stdout } = runBin('linsight', ['diagnose', '--json', '--from', from])
    expect(document).toEqual(JSON.parse(stdout))
  })

  test('the recording of a diagnosis holds no sockets', async () => {
    const from = fixture('diagnose/accept-queue-full.diag.json')
    const error = await withMachine({ from }, machine => machine.sockets()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({ code: 'input-format', exit: 4, hint: expect.stringContaining('diagnose()') })
  })
})

test('processes() has every process of the recording', async () => {
  const document = await withMachine({ from: ZOO }, machine => machine.processes())
  expect(schemaErrors('processes', document)).toEqual([])
  const pids = document.processes.map(({ pid }) => pid)
  expect(pids).toEqual([...pids].sort((a, b) => a - b))
  expect(document.processes.find(({ program }) => program === 'python3')).toMatchObject({
    pid: expect.any(Number),
    startTicks: expect.any(Number),
    state: expect.stringMatching(/^[A-Z]$/),
  })
  const [first] = pids
  const one = await withMachine({ from: ZOO }, machine => machine.processes({ pid: [first!, 4_000_000] }))
  expect(one.processes.map(({ pid }) => pid)).toEqual([first])
})

type ErrorClass = new (...args: never[]) => Error

describe('errors', () => {
  test.each<[what: string, attempt: () => Promise<unknown>, kind: ErrorClass, code: string]>([
    ['no such recording', () => open({ from: '/nonexistent' }), InputError, 'input-missing'],
    ['no recording', () => open({ from: join(ROOT, 'package.json') }), InputError, 'input-format'],
    ['the empty name', () => open({ from: '' }), UsageError, 'usage'],
    ['standard input', () => open({ from: '-' }), UsageError, 'usage'],
    ['a host that would be an option of ssh', () => open({ host: '-oProxyCommand=x' }), UsageError, 'usage'],
    ['a host beside a recording', () => open({ host: 'web1', from: ZOO }), UsageError, 'usage'],
    ['several hosts', () => open({ host: 'web1,web2' }), UsageError, 'usage'],
    ['what is for a host', () => open({ become: true }), UsageError, 'usage'],
    ['byte order of this machine', () => open({ endian: 'big' }), UsageError, 'usage'],
    ['a misspelt field', () => open({ form: ZOO } as OpenOptions), UsageError, 'usage'],
    ...(
      [
        ['a filter that is none', { filter: 'state nosuch' }],
        ['a port that is none', { port: 65_536 }],
        ['a protocol that is none', { protocols: ['ipx' as 'tcp'] }],
        ['a namespace that is not there', { netns: 'nosuch' }],
        ['two ways of choosing namespaces', { netns: 'blue', allNamespaces: true }],
      ] satisfies [string, SocketQuery][]
    ).map(([what, query]): [string, () => Promise<unknown>, ErrorClass, string] => [
      what,
      () => withMachine({ from: ZOO }, machine => machine.sockets(query)),
      UsageError,
      'usage',
    ]),
    [
      'a recording that is watched',
      () => withMachine({ from: ZOO }, machine => machine.watch().next()),
      UsageError,
      'usage',
    ],
    [
      'an interval without end',
      () => withMachine({}, m => m.watch({ interval: Infinity }).next()),
      UsageError,
      'usage',
    ],
    ['too short a look', () => withMachine({ from: ZOO }, m => m.diagnose({ durationMs: 10 })), UsageError, 'usage'],
    ['too long a look', () => withMachine({ from: ZOO }, m => m.diagnose({ durationMs: 1e10 })), UsageError, 'usage'],
    ['two scopes', () => withMachine({ from: ZOO }, m => m.diagnose({ pid: 1, unit: 'a' })), UsageError, 'usage'],
    ['no object', () => withMachine({ from: ZOO }, m => m.sockets(null as never)), UsageError, 'usage'],
    [
      'what no thread can be told',
      () => withMachine({ from: ZOO }, m => m.sockets({ port: open as never })),
      UsageError,
      'usage',
    ],
  ])('%s', async (_, attempt, kind, code) => {
    const error = await attempt().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(kind)
    expect(error).toBeInstanceOf(LinsightError)
    expect(error).toMatchObject({ code, name: kind.name, message: expect.stringMatching(/\S/) })
  })

  test('a filter tells the place that is wrong', async () => {
    const attempt = withMachine({ from: ZOO }, machine => machine.sockets({ filter: 'state nosuch' }))
    await expect(attempt).rejects.toMatchObject({ excerpt: { line: 'state nosuch', at: 6, length: 6 } })
  })

  test('what failed can be asked again', async () => {
    const sockets = await withMachine({ from: ZOO }, async machine => {
      await expect(machine.sockets({ port: -1 })).rejects.toThrow('-1 is no port')
      return machine.sockets({ port: 10_050 })
    })
    expect(sockets.sockets).not.toEqual([])
  })
})

describe('an end that is asked for', () => {
  test('a signal that was aborted before', async () => {
    const reason = new Error('too late')
    await expect(open({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    await withMachine({ from: ZOO }, machine =>
      expect(machine.sockets({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason),
    )
  })

  test('a signal while it answers; others are answered', async () => {
    const stop = new AbortController()
    const reason = new Error('enough')
    await withMachine({ from: ZOO }, async machine => {
      const stopped = machine.sockets({ signal: stop.signal })
      const other = machine.sockets({ listening: true })
      stop.abort(reason)
      await expect(stopped).rejects.toBe(reason)
      expect((await other).sockets.length).toBeGreaterThan(0)
    })
  })

  test('close() while it answers, twice, and what is asked behind it', async () => {
    const machine = await open({ from: ZOO })
    const asked = machine.sockets()
    const closings = [machine.close(), machine.close(), machine[Symbol.asyncDispose]()]
    await expect(asked).rejects.toThrow('has been closed')
    await Promise.all(closings)
    await expect(machine.processes()).rejects.toThrow('has been closed')
  })
})

test('nothing of the process is touched, and a program ends that forgot to close', () => {
  const program = join(temporaryFolder(), 'program.mjs')
  writeFileSync(
    program,
    `import { open } from ${JSON.stringify(join(ROOT, 'dist/library.mjs'))}
     const names = () => process.eventNames().map(name => [String(name), process.listenerCount(name)])
     const before = JSON.stringify([names(), process.cwd(), process.exitCode])
     const machine = await open()
     await machine.sockets()
     await machine.processes({ pid: process.pid })
     await machine.timeWait()
     await machine.sockets({ port: -1 }).catch(() => {})
     const after = JSON.stringify([names(), process.cwd(), process.exitCode])
     process.stdout.write(before === after ? 'untouched' : before + after)`,
  )
  const output = execFileSync(process.execPath, [program], { encoding: 'utf8', timeout: 30_000 })
  expect(output).toBe('untouched')
})

test('where node lets a program start no threads, that is said', () => {
  const program = join(temporaryFolder(), 'program.cjs')
  writeFileSync(
    program,
    `const { open, MachineError } = require(${JSON.stringify(join(ROOT, 'dist/library.cjs'))})
     open().catch(error => console.log(error instanceof MachineError, error.code, error.hint))`,
  )
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const start = (...more: string[]) =>
    execFileSync(process.execPath, [permission, '--allow-fs-read=*', ...more, program], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  expect(start()).toMatch(/^true not-permitted .*--allow-worker/)
  expect(start('--allow-worker')).toBe('')
})

test('a machine that nobody can ask any more ends by itself', () => {
  const program = join(temporaryFolder(), 'program.cjs')
  writeFileSync(
    program,
    `const { open } = require(${JSON.stringify(join(ROOT, 'dist/library.cjs'))})
     const { readdirSync } = require('node:fs')
     const threads = () => readdirSync('/proc/self/task').length
     const pause = () => new Promise(resolve => setTimeout(resolve, 50))
     async function forget() {
       for (let i = 0; i < 5; i++) await open({ from: ${JSON.stringify(ZOO)} })
     }
     async function main() {
       const kept = await open({ from: ${JSON.stringify(ZOO)} })
       const before = threads()
       const { sockets } = await open({ from: ${JSON.stringify(ZOO)} })
       await forget()
       const most = threads()
       for (let i = 0; i < 100 && threads() > before + 1; i++) {
         gc()
         await pause()
       }
       const answers = [await kept.sockets(), await sockets()]
       console.log(most - before, threads() - before, answers.every(answer => answer.sockets.length > 0))
     }
     void main()`,
  )
  expect(execFileSync(process.execPath, ['--expose-gc', program], { encoding: 'utf8' })).toBe('6 1 true\n')
})

test('where its thread runs out of memory, the answer fails and the program goes on', () => {
  const recording = join(temporaryFolder(), 'many.snap.json')
  writeFileSync(recording, JSON.stringify(manySockets(50_000)))
  const program = join(temporaryFolder(), 'program.cjs')
  writeFileSync(
    program,
    `const { open } = require(${JSON.stringify(join(ROOT, 'dist/library.cjs'))})
     const ask = async from => {
       const machine = await open({ from })
       const { sockets } = await machine.sockets()
       await machine.close()
       return sockets.length > 0
     }
     const failed = ask(${JSON.stringify(recording)}).catch(error => error.code)
     failed.then(async code => console.log(code, await ask(${JSON.stringify(ZOO)})))`,
  )
  const { stdout } = run(process.execPath, ['--max-old-space-size=40', program])
  expect(stdout).toBe('unexpected true\n')
})
