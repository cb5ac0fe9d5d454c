// What every bench needs: compiling its C helpers, holding a load, and measuring commands in turn.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** `runs`: measured rounds a load; `large`: also the loads that take minutes. */
export function makeToolkit({ runs, large }) {
  const folder = mkdtempSync(join(tmpdir(), 'linsight-bench-'))
  const compiled = new Map()
  const loads = new Set()

  /** bench/NAME.c as a program; its path. */
  function compile(name) {
    if (!compiled.has(name)) {
      const output = join(folder, name)
      execFileSync('gcc', ['-O2', '-o', output, join(root, 'bench', `${name}.c`)], { stdio: 'inherit' })
      compiled.set(name, output)
    }
    return compiled.get(name)
  }

  /** Starts a load that prints a line when it stands and ends with its stdin; returns its pid and how to end it. */
  async function hold(command, args) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    loads.add(child)
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}`)
    return {
      pid: child.pid,
      async release() {
        child.stdin.end()
        if (child.exitCode === null) await once(child, 'exit')
        loads.delete(child)
      },
    }
  }

  /**
   * Runs the commands in turn, round after round, so that a slow moment of the machine meets all of them, and returns
   * the medians by name. `prefix` goes before each (nsenter …) and is not measured. A command that takes longer than
   * `limitS` seconds is stopped and not tried again.
   */
  function compare(commands, { prefix = [], limitS = 120, rounds = runs, warmUps = 1 } = {}) {
    const measure = compile('measure')
    const samples = new Map(Object.keys(commands).map(name => [name, []]))
    const failed = new Map()
    for (let round = -warmUps; round < rounds; round += 1) {
      for (const [name, command] of Object.entries(commands)) {
        if (failed.has(name)) continue
        const [program, ...args] = [...prefix, 'timeout', '--signal=KILL', String(limitS), measure, ...command]
        const { stdout, status } = spawnSync(program, args, { encoding: 'utf8' })
        const [wallUs, cpuUs, rssKb, exit, bytes] = stdout.trim().split(' ').map(Number)
        if (status !== 0) failed.set(name, `not done after ${limitS} s`)
        else if (exit !== 0) failed.set(name, `ended with ${exit}`)
        else if (round >= 0)
          samples.get(name).push({ wallMs: wallUs / 1000, cpuMs: cpuUs / 1000, rssMb: rssKb / 1024, bytes })
      }
    }
    return Object.fromEntries(
      [...samples].map(([name, list]) => [name, failed.has(name) ? { failed: failed.get(name) } : medianOf(list)]),
    )
  }

  return {
    root,
    runs,
    large,
    compile,
    hold,
    compare,
    ratio,
    dispose() {
      for (const child of loads) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function medianOf(samples) {
  const median = key => {
    const sorted = samples.map(sample => sample[key]).sort((a, b) => a - b)
    const middle = sorted.length >> 1
    return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
  return Object.fromEntries(Object.keys(samples[0]).map(key => [key, Math.round(median(key) * 10) / 10]))
}

/** A ratio with its bar for the report; undefined where one side could not be measured. */
function ratio(what, value, base, bar) {
  if (!Number.isFinite(value) || !Number.isFinite(base)) return []
  return [{ what, ratio: Math.round((value / base) * 100) / 100, bar }]
}
