// TIME_WAIT made to measure in a network namespace of its own, with a small port range.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { binPath, fixture } from '../support/paths.ts'
import { run, type Output } from '../support/run.ts'
import { schemaErrors } from '../support/schemas.ts'
import { until } from '../support/until.ts'

const LOAD = fixture('load/tcp-load.py')
const TW_STATS = binPath('tw-stats')
const TRACEFS = '/sys/kernel/tracing'

interface Filled {
  pid: number
  ok: number
  refused: number
  firstRefusedS: number | null
}

interface Report {
  verdict: { severity: string; sentence: string }
  totals: { timeWait: number; finWait2: number; sockstat: number; births: number }
  tuples: {
    remotePort: number
    used: number
    capacity: number
    utilization: number
    heldOpen: number
    candidates: { pid: number }[]
    forecast: { exhaustedInS?: number; arrivalsPerS: number }
  }[]
  ports: { port: number; timeWait: number; owners: { pid: number }[] }[]
  advice: { code: string; finding: string }[]
  halfClosed: { closeWait: number; waitingHere: number; owners: { pid: number; program: string }[] }[]
  closedConnections?: { localPort: number; remotePort: number; role: string; pid?: number }[]
  who?: {
    proof: string
    explained: number
    counted: { timeWait: number }
    refused: { pid: number; remotePort: number; count: number }[]
    closers: { pid: number; role: string; port: number; count: number }[]
  }
}

let namespaceKeeper: ChildProcess
let children: ChildProcess[] = []

const TOOLS = ['root', 'namespaces', 'unshare', 'nsenter', 'ip', 'python3', 'sysctl'] as const
/** tracefs may be mounted for the test alone: a mount namespace keeps it from everyone else. */
const whoNeeds = needs(...TOOLS, 'setpriv', {
  need: 'to mount tracefs',
  isMet: () => spawnSync('unshare', ['--mount', 'sh', '-c', withTracefs('true')]).status === 0,
})

function withTracefs(command: string): string {
  return `test -d ${TRACEFS}/instances || mount -t tracefs nodev ${TRACEFS} && ${command}`
}

/** Arguments that run a command inside the namespace of the test. */
const inside = (...command: string[]) => ['--net', '--target', String(namespaceKeeper.pid), '--', ...command]
const runInside = (...command: string[]): Output => run('nsenter', inside(...command))

function startInside(...command: string[]): { child: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn('nsenter', inside(...command), { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

async function serve(port: number, mode: 'last' | 'first' | 'never' = 'last'): Promise<void> {
  const { lines } = startInside('python3', LOAD, 'serve', String(port), mode)
  expect((await lines.next()).value).toBe('ready')
}

/** Starts a client and waits for nothing; its result is a line of JSON. */
function fill(port: number, count: number, perS: number, ...more: string[]): Promise<Filled> {
  const { lines } = startInside('python3', LOAD, 'fill', String(port), String(count), String(perS), ...more)
  return lines.next().then(line => JSON.parse(String(line.value)) as Filled)
}

function twStats(...args: string[]): Report {
  const { stdout, stderr } = runInside(process.execPath, TW_STATS, '--json', ...args)
  expect(stderr).toBe('')
  return reportIn(stdout)
}

function reportIn(text: string): Report {
  const report = JSON.parse(text) as Report
  expect(schemaErrors('time-wait', report)).toEqual([])
  return report
}

/** Waits for a condition that has to come. */
async function come(condition: () => boolean): Promise<void> {
  expect(await until(condition, 30_000)).toBe(true)
}

/** Makes up for connections that the kernel reset, because their end overtook their beginning: they leave no TIME_WAIT. */
async function fillUp(rows: number, port: number, ...more: string[]): Promise<void> {
  for (let tries = 0; twOf() < rows && tries < 10; tries += 1) await fill(port, rows - twOf(), 0, ...more)
  expect(twOf()).toBe(rows)
}

const twOf = () => Number(/ tw (\d+)/.exec(runInside('cat', '/proc/net/sockstat').stdout)![1])

beforeEach(async () => {
  namespaceKeeper = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 300'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(namespaceKeeper.stdout!, 'data')
  runInside('ip', 'link', 'set', 'lo', 'up')
  runInside('sysctl', '-qw', 'net.ipv4.ip_local_port_range=10000 10199', 'net.ipv4.tcp_tw_reuse=0')
})

afterEach(async () => {
  for (const child of [...children, ...(namespaceKeeper ? [namespaceKeeper] : [])]) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  children = []
})

describe('tw-stats in a namespace with 200 local ports', needs(...TOOLS), () => {
  test('a forecast made at half fill comes true, and the end is called by its name', { timeout: 60_000 }, async () => {
    const perS = 10
    await serve(8080)
    const filled = fill(8080, 215, perS)
    await come(() => twOf() >= 100)
    const askedAtS = performance.now() / 1000
    const half = twStats()
    const [tuple] = half.tuples
    expect(tuple).toMatchObject({ remotePort: 8080, capacity: 200 })
    expect(tuple!.forecast.arrivalsPerS).toBeGreaterThan(perS * 0.8)
    const forecastS = tuple!.forecast.exhaustedInS!
    // Every connection is asked for at its time, so the first refusal is 200 connections after the start.
    const { firstRefusedS, ok, refused } = await filled
    // On loopback a reset now and then ends a TIME_WAIT and gives its port back.
    expect(ok + refused).toBe(215)
    expect(ok - 200).toBeGreaterThanOrEqual(0)
    expect(ok - 200).toBeLessThanOrEqual(3)
    const realS = firstRefusedS! - tuple!.used / perS
    expect(Math.abs(forecastS - realS) / realS).toBeLessThan(0.1)
    expect(performance.now() / 1000 - askedAtS).toBeGreaterThan(realS)

    const full = twStats()
    expect(full.tuples[0]).toMatchObject({ used: 200, utilization: 1, forecast: { exhaustedInS: 0 } })
    expect(full.verdict).toMatchObject({ severity: 'critical', sentence: expect.stringContaining('EADDRNOTAVAIL') })
    expect(runInside(process.execPath, TW_STATS, '--fail-on', 'utilization>99%').status).toBe(1)
    expect(runInside(process.execPath, TW_STATS, '--fail-on', 'utilization>100%').status).toBe(0)
  })

  test('a load that began a moment ago is told right, in under a second', { timeout: 60_000 }, async () => {
    runInside('sysctl', '-qw', 'net.ipv4.ip_local_port_range=32768 60999')
    const perS = 1000
    await serve(8080)
    const filled = fill(8080, 6 * perS, perS)
    await come(() => twOf() >= 2 * perS)
    const startedMs = performance.now()
    const report = twStats()
    expect(performance.now() - startedMs).toBeLessThan(1000)
    // 455/s can be sustained; the ports last 28232 / perS seconds.
    expect(report.verdict).toMatchObject({ severity: 'critical', sentence: expect.stringContaining('run out in') })
    const [tuple] = report.tuples
    expect(tuple!.forecast.arrivalsPerS / perS).toBeGreaterThan(0.8)
    expect(tuple!.forecast.arrivalsPerS / perS).toBeLessThan(1.2)
    expect(tuple!.forecast.exhaustedInS! / (28232 / perS)).toBeGreaterThan(0.7)
    expect(tuple!.forecast.exhaustedInS! / (28232 / perS)).toBeLessThan(1.2)
    expect(report.totals.timeWait).toBeGreaterThan(report.totals.sockstat * 0.9)
    await filled

    // Once it is over, it is no rate any more.
    await come(() => twStats().tuples[0]!.forecast.arrivalsPerS === 0)
    expect(twStats().tuples[0]!.forecast.exhaustedInS).toBeUndefined()
  })

  test('ports of a client that binds its source address are taken for every destination', async () => {
    await serve(8080)
    const bound = await fill(8080, 120, 0, '127.0.0.1', 'bound')
    const plain = await fill(8080, 80, 0, '127.0.0.2')
    expect([bound.ok, plain.ok]).toEqual([120, 80])
    await fillUp(200, 8080, '127.0.0.2')
    // The truth: bind() finds no port any more, SO_REUSEADDR or not.
    expect(await fill(8080, 5, 0, '127.0.0.3', 'bound')).toMatchObject({ ok: 0, refused: 5 })
    expect(await fill(8080, 5, 0, '127.0.0.3', 'bound-reuse')).toMatchObject({ ok: 0, refused: 5 })
    const { tuples, verdict, advice } = twStats()
    expect(tuples.map(({ used, utilization }) => ({ used, utilization }))).toEqual([
      { used: 200, utilization: 1 },
      { used: 200, utilization: 1 },
    ])
    expect(verdict.severity).toBe('critical')
    expect(advice.map(({ code }) => code)).toEqual(expect.arrayContaining(['ports-exhausted', 'bind-before-connect']))
    const judged = runInside(process.execPath, TW_STATS, '--fail-on', 'utilization>80%')
    expect(judged.status).toBe(1)
    expect(judged.stderr).toContain('--fail-on utilization>80% is met by 127.0.0.')
  })

  test('ports held by open connections are their owner’s, and no matter of TIME_WAIT', async () => {
    await serve(8084)
    const { child, lines } = startInside('python3', LOAD, 'hold', '8084', '200')
    expect((await lines.next()).value).toBe('holding')
    const { tuples, advice } = twStats()
    expect(tuples[0]).toMatchObject({ used: 200, utilization: 1, heldOpen: 200, candidates: [{ pid: child.pid }] })
    expect(advice[0]).toMatchObject({
      code: 'ports-held-open',
      finding: expect.stringContaining(`python3 (pid ${child.pid}) holds 200 of them`),
    })
    expect(JSON.stringify(advice)).not.toContain('tcp_tw_reuse=1')
  })

  test('a server that never closes is named', async () => {
    await serve(8081, 'never')
    const server = children[0]!.pid
    expect(await fill(8081, 25, 0)).toMatchObject({ ok: 25 })
    await come(() => twStats().halfClosed[0]?.closeWait === 25)
    const report = twStats()
    expect(report.totals).toMatchObject({ timeWait: 0, sockstat: 25 })
    expect(report.halfClosed).toMatchObject([
      { closeWait: 25, waitingHere: 25, owners: [{ pid: server, program: 'python3' }] },
    ])
    expect(report.advice[0]).toMatchObject({
      code: 'never-closes',
      finding: expect.stringContaining(`python3 (pid ${server}) does not close 25 connections`),
    })
  })

  test('a server that closes first takes no local port and is named', async () => {
    await serve(8082, 'first')
    const server = children[0]!.pid
    expect(await fill(8082, 50, 0, '127.0.0.1', 'last')).toMatchObject({ ok: 50 })
    await come(() => twStats().totals.births === 50)
    // The same local port may come again: its SYN then reopens the TIME_WAIT, so there are fewer rows than births.
    const { ports, tuples, totals } = twStats()
    expect(ports).toMatchObject([{ port: 8082, timeWait: totals.sockstat, owners: [{ pid: server }] }])
    expect(tuples).toEqual([])
  })

  test('--watch counts each second and ends with a summary', async () => {
    const { child, lines } = startInside(process.execPath, TW_STATS, '--watch', '0.2', '--json')
    const seen: { type: string; at?: string; tw?: number; totals?: object; ticks?: number }[] = []
    while (seen.length < 4) seen.push(JSON.parse(String((await lines.next()).value)) as (typeof seen)[number])
    expect(seen[0]).toMatchObject({ type: 'rows', tw: 0, totals: { timeWait: 0 } })
    child.kill('SIGINT')
    const exited = once(child, 'exit')
    for (let next = await lines.next(); !next.done; next = await lines.next())
      seen.push(JSON.parse(next.value) as (typeof seen)[number])
    expect(seen.at(-1)).toMatchObject({ type: 'summary', ticks: seen.length - 1 })
    await exited
  })

  test('--all-netns has a section for this namespace, by the program in it', async () => {
    await serve(8083)
    await fill(8083, 30, 0)
    await fillUp(30, 8083)
    const { stdout } = run(process.execPath, [TW_STATS, '--all-netns', '--json'])
    const { namespaces } = JSON.parse(stdout) as { namespaces: (Report & { netns: string; pid: number })[] }
    const own = runInside('readlink', '/proc/self/ns/net').stdout.trim()
    const found = namespaces.find(namespace => namespace.netns === own)
    expect(found).toMatchObject({ totals: { timeWait: 30 } })
    // Its settings are not ours: they are read inside.
    expect(found!.tuples[0]!.capacity).toBe(200)
  })
})

describe('tw-stats --who', whoNeeds, () => {
  const whoCommand = (...args: string[]) => [
    'unshare',
    '--mount',
    'sh',
    '-c',
    withTracefs(`exec "$@"`),
    'sh',
    process.execPath,
    TW_STATS,
    '--who',
    ...args,
  ]
  const isTracing = () => {
    const enabled = `cat ${TRACEFS}/instances/linsight-*/events/sock/inet_sock_set_state/enable`
    return run('unshare', ['--mount', 'sh', '-c', withTracefs(enabled)]).stdout.includes('1')
  }
  /** Our instances, whether or not tracefs is mounted for everyone. */
  const leftOver = () =>
    run('unshare', ['--mount', 'sh', '-c', withTracefs(`ls ${TRACEFS}/instances`)])
      .stdout.split('\n')
      .filter(name => name.startsWith('linsight-'))

  test('names the first closer of every row, for four clients of known counts', { timeout: 60_000 }, async () => {
    await serve(8080)
    await serve(8081, 'first')
    await serve(8082, 'never')
    const servers = children.map(child => child.pid!)
    const { lines } = startInside(...whoCommand('8', '--json'))
    await come(isTracing)
    const [first, second, , fourth] = await Promise.all([
      fill(8080, 31, 40),
      fill(8080, 17, 40),
      fill(8081, 23, 40, '127.0.0.1', 'last'),
      fill(8082, 13, 40),
    ])
    let text = ''
    for (let next = await lines.next(); !next.done; next = await lines.next()) text += `${next.value}\n`
    const { closedConnections, who } = reportIn(text)
    const count = (pid: number, port: number, role: string) =>
      closedConnections!.filter(
        row => row.pid === pid && row.role === role && (role === 'server' ? row.localPort : row.remotePort) === port,
      ).length
    expect([
      count(first.pid, 8080, 'client'),
      count(second.pid, 8080, 'client'),
      count(servers[1]!, 8081, 'server'),
      count(fourth.pid, 8082, 'client'),
    ]).toEqual([31, 17, 23, 13])
    expect(closedConnections).toHaveLength(31 + 17 + 23 + 13)
    expect(who).toMatchObject({ explained: 84, proof: expect.stringMatching(/^(8[2-4]) of \1 explained/) })
    // A reset on loopback may end a connection just before its TIME_WAIT.
    expect(84 - who!.counted.timeWait).toBeGreaterThanOrEqual(0)
    expect(84 - who!.counted.timeWait).toBeLessThanOrEqual(2)
  })

  test('counts connects that found no port, by process', { timeout: 60_000 }, async () => {
    await serve(8080)
    const { lines } = startInside(...whoCommand('6', '--json'))
    await come(isTracing)
    const filled = await fill(8080, 260, 0)
    expect(filled.refused).toBeGreaterThanOrEqual(15)
    let text = ''
    for (let next = await lines.next(); !next.done; next = await lines.next()) text += `${next.value}\n`
    const { who } = reportIn(text)
    expect(who!.refused).toMatchObject([{ pid: filled.pid, remotePort: 8080, count: filled.refused }])
    expect(who!.explained).toBe(filled.ok)
  })

  test(
    'leaves nothing behind: at its end, after Ctrl-C, and after SIGKILL at the next start',
    { timeout: 60_000 },
    async () => {
      const started = () => {
        const { child } = startInside(...whoCommand('30', '--json'))
        child.stdout!.resume()
        return child
      }
      const before = new Set(leftOver())
      const own = () => leftOver().filter(name => !before.has(name))
      const interrupted = started()
      await come(() => own().length === 1)
      interrupted.kill('SIGINT')
      await once(interrupted, 'exit')
      expect({ status: interrupted.exitCode, left: own() }).toEqual({ status: 130, left: [] })

      const killed = started()
      await come(() => own().length === 1)
      killed.kill('SIGKILL')
      await once(killed, 'exit')
      expect(own()).toHaveLength(1)

      const { child: next } = startInside(...whoCommand('0.1', '--json'))
      next.stdout!.resume()
      await once(next, 'exit')
      expect({ status: next.exitCode, left: own() }).toEqual({ status: 0, left: [] })
    },
  )

  test('without permission: exit 3, with the remedy', () => {
    const { status, stderr } = run('setpriv', [
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      TW_STATS,
      '--who',
      '1',
    ])
    expect(status).toBe(3)
    expect(stderr).toMatch(/not permitted to|not mounted/)
    expect(stderr).toMatch(/sudo/)
  })
})
