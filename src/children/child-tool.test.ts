import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { startTool, type ToolCall } from './child-tool.ts'
import { findTool } from './find-tool.ts'
import { needs } from '../../test/support/needs.ts'
import { readTool } from './read-tool.ts'
import { fixture, ROOT } from '../../test/support/paths.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { isAlive, until } from '../../test/support/until.ts'

const program = (name: string) => fixture(`children/${name}`)
const folder = temporaryFolder()

const fake = (name: string, ...args: string[]): ToolCall => ({
  file: process.execPath,
  args: [program(name), ...args],
})

/** Runs a call to its end, with every line it printed. */
async function linesOf(call: ToolCall): Promise<string[]> {
  const lines: string[] = []
  const tool = await startTool({ ...call, onLine: line => lines.push(line) })
  await tool.ended
  return lines
}

/** Starts a call and waits for its first line. */
async function startedWith(call: ToolCall) {
  const lines: string[] = []
  let tell!: () => void
  const first = new Promise<void>(resolve => (tell = resolve))
  const tool = await startTool({
    ...call,
    onLine(line) {
      lines.push(line)
      tell()
    },
  })
  await first
  return { tool, lines }
}

describe('what goes in', () => {
  test.each([['--unsafe'], ['-c', 'id'], ['$(id)', '`id`', '; id', '*', 'a b', '']])(
    'arguments arrive as they are: %j',
    async (...args) => {
      expect((await linesOf(fake('echo-stdin.mjs', ...args)))[0]).toBe(JSON.stringify(args))
    },
  )

  test('a program on stdin arrives byte for byte', async () => {
    const text = 'BEGIN { print("\xff\x00") }\nlast'
    const lines = await linesOf({ ...fake('echo-stdin.mjs'), stdin: { text } })
    expect(lines.slice(1)).toEqual(text.split('\n'))
  })

  test('without stdin the tool reads an end at once', async () => {
    expect(await linesOf(fake('echo-stdin.mjs'))).toEqual(['[]'])
  })

  test('the language of messages is fixed', async () => {
    const call = { file: process.execPath, args: ['-p', 'process.env.LC_ALL + process.env.MINE'] }
    expect(await linesOf({ ...call, env: { MINE: '1' } })).toEqual(['C1'])
  })
})

describe('what comes out', () => {
  test('records, exit code and times', async () => {
    const lines: string[] = []
    const tool = await startTool({ ...fake('flood.mjs', '123457'), onLine: line => lines.push(line) })
    const result = await tool.ended
    expect(lines).toHaveLength(123457)
    expect(result).toMatchObject({ exitCode: 0, endedBy: 'itself', stderr: '' })
    expect(result.signal).toBeUndefined()
    expect(result.stopMs).toBeUndefined()
    expect(result.durationMs).toBeGreaterThan(1)
  })

  test('records on descriptor 3, so that stdout stays free', async () => {
    expect(await linesOf({ ...fake('record-fd3.mjs'), recordsOn: 3 })).toEqual(['record 1', 'record 2'])
  })

  test('stderr is streamed whole and kept bounded', async () => {
    let lines = 0
    const tool = await startTool({ ...fake('loud-stderr.mjs'), onStderrLine: () => (lines += 1) })
    const { stderr, exitCode } = await tool.ended
    expect(exitCode).toBe(3)
    expect(lines).toBe(4098)
    expect(stderr.length).toBeLessThan(64 * 1024)
    expect(stderr).toMatch(/^first\n/)
    expect(stderr).toMatch(/\[\d+ bytes left out\]/)
    expect(stderr).toMatch(/last\n$/)
  })

  test('a grandchild that keeps the pipe open does not keep us', async () => {
    const lines = await linesOf(fake('leave-grandchild.mjs'))
    const pid = Number(/^grandchild (\d+)$/.exec(lines[0] ?? '')?.[1])
    process.kill(pid, 'SIGKILL')
    expect(pid).toBeGreaterThan(1)
  })

  test('an error of the reader ends the tool and is the error of the run', async () => {
    const tool = await startTool({
      ...fake('deaf.mjs'),
      onLine() {
        throw new Error('cannot read this')
      },
    })
    await expect(tool.ended).rejects.toThrow('cannot read this')
    expect(await until(() => !isAlive(tool.pid))).toBe(true)
  })
})

describe('how it ends', () => {
  test.each(['tool', 'group'] as const)('five stops are one SIGINT (to the %s)', async interrupt => {
    const { tool, lines } = await startedWith({ ...fake('count-interrupts.mjs'), interrupt })
    for (let i = 0; i < 5; i += 1) tool.stop(5000)
    const result = await tool.ended
    expect(lines).toEqual(['ready', 'interrupts 1'])
    expect(result).toMatchObject({ exitCode: 0, endedBy: 'interrupt' })
    expect(result.stopMs).toBeGreaterThan(300)
  })

  test('what is deaf to SIGINT and SIGTERM is killed after the deadline', async () => {
    const { tool } = await startedWith(fake('deaf.mjs'))
    tool.stop(200)
    const result = await tool.ended
    expect(result).toMatchObject({ signal: 'SIGKILL', endedBy: 'kill' })
    expect(result.stopMs).toBeGreaterThan(1000)
  })

  test('a later stop only shortens the deadline', async () => {
    const { tool } = await startedWith(fake('deaf.mjs'))
    tool.stop(60_000)
    tool.stop(100)
    tool.stop(60_000)
    expect((await tool.ended).endedBy).toBe('kill')
  })

  test('stopping what is gone does nothing', async () => {
    const tool = await startTool(fake('echo-stdin.mjs'))
    await tool.ended
    tool.stop(10)
    tool.kill()
    expect((await tool.ended).endedBy).toBe('itself')
  })

  // Without setpriv(1) only the kernel knows that we were killed.
  test.each(['SIGKILL', 'SIGTERM', 'exit', 'throw'])(
    'no child outlives a parent that ends by %s',
    needs('setpriv'),
    async how => {
      const entry = join(folder, 'parent.cjs')
      if (!existsSync(entry)) {
        buildSync({
          bundle: true,
          platform: 'node',
          format: 'cjs',
          outfile: entry,
          stdin: {
            contents: `import {startTool} from './src/children/child-tool.ts'
              const how = process.argv[2]
              startTool({file: process.execPath, args: [process.argv[3]], onLine(line) {
                process.stdout.write(line + '\\n', () => {
                  if (how === 'exit') process.exit(0)
                  if (how === 'throw') setTimeout(() => { throw new Error('as asked') })
                })
              }})`,
            resolveDir: ROOT,
            loader: 'ts',
          },
        })
      }
      const parent = spawn(process.execPath, [entry, how, program('deaf.mjs')], { stdio: ['ignore', 'pipe', 'ignore'] })
      const line = await new Promise<Buffer>(resolve => parent.stdout.once('data', resolve))
      const pid = Number(/pid (\d+)/.exec(line.toString())?.[1])
      expect(pid).toBeGreaterThan(1)
      if (how.startsWith('SIG')) parent.kill(how as NodeJS.Signals)
      expect(await until(() => !isAlive(pid), 2000)).toBe(true)
    },
  )
})

describe('what cannot be started', () => {
  test.each([
    ['a file that is not there', join(folder, 'nothing'), 'tool-missing'],
    ['a folder', folder, 'not-permitted'],
  ])('%s', async (_, file, code) => {
    await expect(startTool({ file, args: [] })).rejects.toMatchObject({ code, exit: 3 })
  })

  test('a file without the right to execute it', async () => {
    const file = join(folder, 'plain')
    writeFileSync(file, 'text', { mode: 0o644 })
    await expect(startTool({ file, args: [] })).rejects.toMatchObject({ code: 'not-permitted' })
  })
})

describe('finding and asking', () => {
  test('the PATH is searched, relative folders of it are not', () => {
    const file = join(folder, 'mytool')
    writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 })
    expect(findTool(['missing', 'mytool'], `.:relative:${folder}`)).toBe(file)
    const cwd = process.cwd()
    try {
      process.chdir(folder)
      expect(findTool(['mytool'], '.:')).toBeUndefined()
    } finally {
      process.chdir(cwd)
    }
    expect(findTool(['../mytool'], folder)).toBeUndefined()
  })

  test('a version is read', async () => {
    const answer = await readTool(process.execPath, ['--version'])
    expect(answer).toMatchObject({ stdout: `${process.version}\n`, exitCode: 0 })
  })

  test('a tool that does not answer is killed', async () => {
    await expect(readTool(process.execPath, [program('deaf.mjs')], { timeoutMs: 300 })).rejects.toThrow(
      /did not answer within 0.3 s/,
    )
  })
})
