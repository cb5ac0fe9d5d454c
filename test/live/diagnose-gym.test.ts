// Incidents of the gym, several at a time: each is to be named, culprit and cause, and nobody who is well.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { optional } from '../../src/errors.ts'
import { needs } from '../support/needs.ts'
import { binPath, ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'

const RUNNER = `${ROOT}gym/run.py`

interface Truth {
  name: string
  cause: string
  culprit: { pid: number; comm: string } | null
  runner: number
  ready: boolean
  error?: string
}

interface Diagnosis {
  findings: { cause: string; severity: string; culprit?: { pid?: number }; culprits: { pid?: number }[] }[]
  notLooked: { what: string; why: string }[]
}

let running: ChildProcess[] = []

async function start(name: string, ...flags: string[]): Promise<Truth> {
  const runner = spawn('python3', [RUNNER, name, '--hold', '100', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(runner)
  const line = await createInterface({ input: runner.stdout })[Symbol.asyncIterator]().next()
  const truth = JSON.parse(String(line.value)) as Truth
  expect(truth, truth.error).toMatchObject({ name, ready: true })
  return truth
}

afterEach(async () => {
  const ended = running.filter(({ exitCode }) => exitCode === null).map(runner => once(runner, 'exit'))
  for (const runner of running) runner.kill('SIGTERM')
  await Promise.all(ended)
  running = []
})

/** Looks again where the tracer was attached too late: the machine is busy, which no rule can help. */
function diagnosis(...prefix: string[]): Diagnosis {
  const [program, ...args] = [...prefix, process.execPath, binPath('linsight'), 'diagnose', '--json', '--all']
  for (let look = 1; ; look += 1) {
    const { stdout } = run(program, args)
    const report = JSON.parse(stdout) as Diagnosis
    const isLate = report.notLooked.some(
      ({ what, why }) => what === 'system calls that fail' && why.includes('in time'),
    )
    if (!isLate || look === 2) return report
  }
}

const named = ({ findings }: Diagnosis) =>
  findings
    .filter(({ severity }) => severity !== 'info')
    .flatMap(({ cause, culprits }) => culprits.map(({ pid }) => `${cause} ${pid}`))

/** Pids of a runner and everything that it started. */
function family(root: number): Set<number> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    const stat = optional(() => readFileSync(`/proc/${name}/stat`, 'latin1'))
    if (stat !== undefined) parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
  }
  const pids = new Set([root])
  for (let size = 0; size < pids.size;) {
    size = pids.size
    for (const [pid, parent] of parents) if (pids.has(parent)) pids.add(pid)
  }
  return pids
}

describe(
  'linsight diagnose in the gym',
  needs('root', 'namespaces', 'tracefs', 'python3', 'gcc', 'ip', 'bpftrace'),
  () => {
    test.each([
      ['ports, connections, locks, zombies', ['port_taken', 'stuck_reader', 'flock_wait', 'zombies']],
      [
        'queues, refusals, names, limits, space',
        ['accept_not_served', 'econnrefused_loop', 'dns_own_socket', 'fd_pipes_quiet', 'inodes_exhausted'],
      ],
      ['calls, processor, disk', ['enoent_storm', 'poll_zero', 'fsync_storm']],
      ['memory, a child that does not read', ['memory_growth', 'unix_stream_full', 'pids_limit_fork']],
    ])('%s: each is named', { timeout: 60_000 }, async (_, names) => {
      const truths: Truth[] = []
      for (const name of names) truths.push(await start(name))
      const said = named(diagnosis())
      expect(said).toEqual(expect.arrayContaining(truths.map(({ cause, culprit }) => `${cause} ${culprit!.pid}`)))
    })

    test('from inside a container it names the pids of the container', { timeout: 60_000 }, async () => {
      const { culprit, runner } = await start('port_taken', '--where', 'box')
      expect(runner).toBe(1)
      const inside = [...family(running[0]!.pid!)].find(pid => isFirstInside(pid))
      const said = named(diagnosis('nsenter', '-t', String(inside), '-n', '-m', '-p'))
      expect(said).toEqual([`port-taken ${culprit!.pid}`])
    })

    test('nobody of a busy web server and idle daemons is accused', { timeout: 60_000 }, async () => {
      const runners = [(await start('h_web')).runner, (await start('h_idle')).runner]
      const well = new Set(runners.flatMap(runner => [...family(runner)]))
      const { findings } = diagnosis()
      const accused = findings.filter(
        ({ severity, culprits }) =>
          severity !== 'info' && culprits.some(({ pid }) => pid !== undefined && well.has(pid)),
      )
      expect(accused).toEqual([])
    })
  },
)

/** Pid 1 of a pid namespace that is not ours. */
function isFirstInside(pid: number): boolean {
  const status = optional(() => readFileSync(`/proc/${pid}/status`, 'latin1')) ?? ''
  return /^NSpid:\s+\d+\s+1$/m.test(status)
}
