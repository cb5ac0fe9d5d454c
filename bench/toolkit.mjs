// What every bench needs: compiling its C helpers, holding a load, and measuring programs in turn.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// Set, it makes every start of Node slower, which hides our share.
const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env
/** A program that takes longer is stopped and not tried again. */
const LIMIT_S = 120
const GRACE_MS = 3000

/** `runs`: measured rounds a load; `large`: also the loads that take minutes; `small`: a twentieth of every load. */
export function makeToolkit({ runs, large, small }) {
  const folder = mkdtempSync(join(tmpdir(), 'linsight-bench-'))
  const compiled = new Map()
  const children = new Set()
  let isInterrupted = false

  /** A program that ends with the bench, however that ends. */
  function start(command, args, options) {
    if (isInterrupted) throw new Error('interrupted')
    const child = spawn(command, args, { ...options, env: { ...environment, NO_COLOR: '1', LC_ALL: 'C' } })
    children.add(child)
    const ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => resolve(status ?? signal))
    }).finally(() => children.delete(child))
    // Whoever wants to know waits for it.
    ended.catch(() => {})
    return Object.assign(child, { ended })
  }

  /** Runs a program to its end: its status or signal, and the text of its output. */
  async function run([command, ...args]) {
    const child = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_S * 1000)
    const texts = [child.stdout, child.stderr].map(async stream =>
      (await stream.setEncoding('utf8').toArray()).join(''),
    )
    const [status, stdout, stderr] = await Promise.all([child.ended, ...texts])
    clearTimeout(timer)
    if (isInterrupted) throw new Error('interrupted')
    if (status === 'SIGKILL') throw new Error(`not done after ${LIMIT_S} s`)
    return { status, stdout, stderr }
  }

  /** bench/NAME.c as a program; its path. */
  function compile(name) {
    if (!compiled.has(name)) {
      const output = join(folder, name)
      if (isMissing('gcc')) throw new Error('it needs gcc for its helpers in C')
      execFileSync('gcc', ['-O2', '-o', output, join(root, 'bench', `${name}.c`)], { stdio: 'inherit' })
      compiled.set(name, output)
    }
    return compiled.get(name)
  }

  /** The Load that `compare(prefix)` measures while `load ARGS` stands in a network namespace that `prefix` enters. */
  async function underLoad(title, args, compare) {
    if (process.getuid() !== 0) return { load: title, skipped: 'needs root, for a network namespace of its own' }
    if (isMissing('unshare') || isMissing('nsenter')) return { load: title, skipped: 'needs unshare and nsenter' }
    say(title)
    const holder = start('unshare', ['--net', compile('load'), ...args.map(String)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    try {
      let stderr = ''
      holder.stderr.on('data', chunk => (stderr += chunk))
      const status = await Promise.race([once(holder.stdout, 'data').then(() => 'ready'), holder.ended])
      if (status !== 'ready') return { load: title, skipped: stderr.trim() || `the load ended with ${status}` }
      return { load: title, ...(await compare(['nsenter', `--net=/proc/${holder.pid}/ns/net`])) }
    } finally {
      holder.stdin.end()
      await holder.ended
    }
  }

  /**
   * Asks `sample` for the figures of each command in turn, round after round, so that a slow moment of the machine meets
   * all of them, and returns the medians by name, or in `failed` why there are none. A command is argv, program first.
   */
  async function inTurn(commands, sample, { rounds = runs, warmUps = 1 } = {}) {
    const samples = new Map(Object.keys(commands).map(name => [name, []]))
    const failed = new Map()
    for (const [name, command] of Object.entries(commands)) if (isMissing(command[0])) failed.set(name, 'not installed')
    for (let round = -warmUps; round < rounds; round += 1) {
      for (const [name, command] of Object.entries(commands)) {
        if (failed.has(name)) continue
        say(`  ${round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`}: ${name}`)
        try {
          const figures = await sample(command)
          if (round >= 0) samples.get(name).push(figures)
        } catch (error) {
          if (isInterrupted) throw error
          failed.set(name, error.message)
        }
      }
    }
    return Object.fromEntries(
      [...samples].map(([name, list]) => [name, failed.has(name) ? { failed: failed.get(name) } : medianOf(list)]),
    )
  }

  /** Wall time, CPU, peak memory and output of the commands, in turn. `prefix` (nsenter …) is not measured. */
  function compare(commands, { prefix = [], ...turns } = {}) {
    const measure = compile('measure')
    return inTurn(
      commands,
      async command => {
        const { stdout, stderr, status } = await run([...prefix, measure, ...command])
        if (status !== 0) throw new Error(`measure ended with ${status}: ${stderr.trim()}`)
        const [wallUs, cpuUs, rssKb, exit, bytes] = stdout.trim().split(' ').map(Number)
        if (exit !== 0) throw new Error(`ended with ${exit}`)
        return { wallMs: wallUs / 1000, cpuMs: cpuUs / 1000, rssMb: rssKb / 1024, bytes }
      },
      turns,
    )
  }

  /** Ends every program that is running, so that what waits for it goes on to its clean-up. */
  async function interrupt() {
    isInterrupted = true
    const running = [...children]
    for (const child of running) {
      child.kill('SIGTERM')
      child.kill('SIGCONT')
    }
    await Promise.race([
      Promise.allSettled(running.map(child => child.ended)),
      sleep(GRACE_MS, undefined, { ref: false }),
    ])
    for (const child of children) child.kill('SIGKILL')
  }

  return {
    folder,
    runs,
    large,
    /** A load's size as it is asked for. */
    scaled: size => (small ? Math.ceil(size / 20) : size),
    linsight: (bin, ...args) => [process.execPath, join(root, `bin/${bin}.cjs`), ...args],
    file: name => join(root, 'bench', name),
    start,
    run,
    compile,
    underLoad,
    inTurn,
    compare,
    interrupt,
    async dispose() {
      await interrupt()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Progress. */
export function say(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * How much of the figure `of` (wallMs, cpuMs …) a program needs beside its peers together. `bar`: at most that ratio.
 * In place of `ratio` stands `missing` where a side could not be measured.
 */
export function ratio(medians, of, ours, peers, bar) {
  const all = [peers].flat()
  const missing = [ours, ...all].filter(name => medians[name].failed).map(name => `${name}: ${medians[name].failed}`)
  const { [of]: value } = medians[ours]
  const row = { of, ours, peer: all.join(' + '), value, bar }
  if (missing.length > 0) return { ...row, missing: missing.join('; ') }
  return ratioOf(
    row,
    value,
    all.reduce((sum, name) => sum + medians[name][of], 0),
  )
}

/** The same of values that do not stand in one load: `row` is {of, ours, peer, bar}. */
export function ratioOf(row, value, peerValue) {
  return { ...row, value, peerValue: oneDecimal(peerValue), ratio: Number((value / peerValue).toPrecision(3)) }
}

/** A figure with a bar of its own: at most `bar` of its unit. */
export function limit(medians, of, ours, bar) {
  const { failed, [of]: value } = medians[ours]
  return failed ? { of, ours, bar, missing: `${ours}: ${failed}` } : { of, ours, value, bar }
}

function isMissing(program) {
  if (program.includes('/')) return false
  return !process.env.PATH.split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function medianOf(samples) {
  const median = key => {
    const sorted = samples.map(sample => sample[key]).sort((a, b) => a - b)
    const middle = sorted.length >> 1
    return oneDecimal(sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2)
  }
  return Object.fromEntries(Object.keys(samples[0]).map(key => [key, median(key)]))
}

function oneDecimal(value) {
  return Math.round(value * 10) / 10
}
