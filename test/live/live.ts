import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const MYNETSTAT = `${ROOT}bin/mynetstat.cjs`

export interface Output {
  status: number | null
  /** Byte strings: one character a byte. */
  stdout: string
  stderr: string
}

/** Runs a program to its end. */
export function run(command: string, args: readonly string[]): Output {
  const { LINSIGHT_FROM: _, ...env } = process.env
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: { ...env, LC_ALL: 'C' },
    encoding: 'latin1',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
  })
  if (error) throw error
  return { status, stdout, stderr }
}

/** A fixture program that prints one line of JSON when it is ready and ends with its stdin. */
export interface Fixture<Facts> {
  facts: Facts
  child: ChildProcess
  /** Waits for the fixture's next line. */
  line(): Promise<string>
  stop(): Promise<void>
}

export async function startFixture<Facts>(command: string, args: readonly string[]): Promise<Fixture<Facts>> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => {
    const next = await lines.next()
    if (next.done) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode ?? child.signalCode}`)
    return next.value
  }
  return {
    facts: JSON.parse(await line()) as Facts,
    child,
    line,
    async stop() {
      child.stdin.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}
