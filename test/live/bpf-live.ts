import { spawn, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { findTool } from '../../src/children/find-tool.ts'
import { binPath, fixture } from '../support/paths.ts'
import { bpfLineErrors } from '../support/schemas.ts'

/** Not the python3 of a version manager, which is a script. */
export const PYTHON = findTool(['python3'], `/usr/bin:${process.env['PATH']}`) ?? 'python3'

export type Line = Record<string, unknown> & { type: string }

export interface Traced {
  lines: Line[]
  stderr: string
  status: number | null
  summary: Line
}

/** A run of `linsight bpf …` with its lines as they come. */
export function startLinsight(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [binPath('linsight'), 'bpf', ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  let text = ''
  let stderr = ''
  const waiting: { type: string; resolve(): void; reject(error: Error): void }[] = []
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (text + chunk.toString('utf8')).split('\n')
    text = parts.pop()!
    for (const part of parts) {
      const line = (args.includes('--json') ? JSON.parse(part) : { type: 'text', part }) as Line
      lines.push(line)
      for (const waiter of waiting) if (waiter.type === line.type) waiter.resolve()
    }
  })
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
  const ended = new Promise<Traced>((resolve, reject) =>
    child.once('close', status => {
      for (const waiter of waiting) waiter.reject(new Error(`ended first: ${stderr} ${JSON.stringify(lines.at(-1))}`))
      const invalid = args.includes('--json') ? bpfLineErrors(lines, args[0] === 'bcc') : []
      if (invalid.length > 0) reject(new Error(`not as the schema says: ${invalid.join('; ')}`))
      resolve({ lines, stderr, status, summary: lines.at(-1) ?? { type: 'none' } })
    }),
  )
  return {
    child,
    ended,
    lines,
    /** Resolves at the first line of that type. */
    line: (type: string) =>
      new Promise<void>((resolve, reject) => {
        if (lines.some(line => line.type === type)) resolve()
        else waiting.push({ type, resolve, reject })
      }),
  }
}

/** A workload that has started and waits; see fixtures/workloads/load.py. */
export async function startLoad(kind: string, count: number, folder?: string) {
  const child = spawn(
    PYTHON,
    [fixture('workloads/load.py'), kind, String(count), ...(folder === undefined ? [] : [folder])],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  let text = ''
  let tell: (() => void) | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8')
    tell?.()
  })
  const line = async (number: number) => {
    while (text.split('\n').length <= number) await new Promise<void>(resolve => (tell = resolve))
    return text.split('\n')[number - 1]!
  }
  const pid = Number(await line(1))
  return {
    pid,
    /** Lets it work; resolves with what it says when it has. */
    async work(): Promise<{ path: string; faults: number }> {
      child.stdin.write('go\n')
      const [path = '', faults = ''] = (await line(2)).split(' ')
      return { path, faults: Number(faults) }
    },
    async end(): Promise<void> {
      child.stdin.end('end\n')
      await new Promise(resolve => child.once('exit', resolve))
    },
  }
}

/** Traces a workload with a job and asks it to stop as an impatient user would: five times. */
export async function traceLoad(
  args: readonly string[],
  kind: string,
  count: number,
  { byPid = true, folder, env }: { byPid?: boolean; folder?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const load = await startLoad(kind, count, folder)
  const run = startLinsight(['run', ...args, '--json', ...(byPid ? ['--pid', String(load.pid)] : [])], env)
  try {
    await run.line('ready')
    const said = await load.work()
    // What was counted last is printed at the next interval at the latest.
    for (let i = 0; i < 5; i += 1) {
      run.child.kill('SIGINT')
      await new Promise(resolve => setTimeout(resolve, 30))
    }
    return { ...(await run.ended), pid: load.pid, said }
  } finally {
    run.child.kill('SIGKILL')
    await load.end()
  }
}

/** Pids of every bpftrace that runs. */
export function bpftracePids(): number[] {
  const ps = spawnSync('ps', ['-C', 'bpftrace', '-o', 'pid=', '--no-headers'], { encoding: 'utf8' })
  return ps.stdout
    .split('\n')
    .map(Number)
    .filter(pid => pid > 0 && readdirSync('/proc').includes(String(pid)))
}
