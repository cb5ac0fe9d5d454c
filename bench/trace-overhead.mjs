// How much slower `dd bs=1` becomes under each backend of trace-syscalls, beside bare strace and syscount: the worst
// case, a program that does nothing but short system calls. Needs root and Linux.
//
//   nice node bench/trace-overhead.mjs [ROUNDS]
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../bin/trace-syscalls.cjs', import.meta.url))
const ROUNDS = Number(process.argv[2] ?? 3)
/** Bytes dd copies, two calls each: as many as take about a second. */
const FAST = 500_000
const SLOW = 20_000

const dd = bytes => ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', `count=${bytes}`]
const ours = (...flags) => [process.execPath, BIN, '-o', '/dev/null', ...flags, '--']

/** What to run before `dd`, and how many bytes it bears. */
const CASES = [
  ['untraced', [], FAST],
  ['trace-syscalls --backend bpf', ours('--backend', 'bpf'), FAST],
  ['trace-syscalls --backend bpf -w', ours('--backend', 'bpf', '-w'), FAST],
  ['trace-syscalls --backend bpf -f', ours('--backend', 'bpf', '-f'), FAST],
  ['bare syscount -L', undefined, FAST],
  ['trace-syscalls --backend strace -f', ours('--backend', 'strace', '-f'), SLOW],
  ['bare strace -c -f', ['strace', '-o', '/dev/null', '-c', '-f'], SLOW],
  ['trace-syscalls --backend strace -f -e trace=openat', ours('--backend', 'strace', '-f', '-e', 'trace=openat'), FAST],
  ['bare strace -c -f -e trace=openat', ['strace', '-o', '/dev/null', '-c', '-f', '-e', 'trace=openat'], SLOW],
  ['trace-syscalls --backend perf', ours('--backend', 'perf'), SLOW],
]

/** Seconds that dd says it took. */
function seconds(stderr) {
  const [, text] = /, ([\d.e-]+) s, /.exec(stderr) ?? []
  if (text === undefined) throw new Error(`dd did not say how long it took: ${stderr}`)
  return Number(text)
}

function timed(before, bytes) {
  const [file, ...args] = [...before, ...dd(bytes)]
  const { stderr } = spawnSync(file, args, {
    encoding: 'latin1',
    env: { ...process.env, LC_ALL: 'C' },
    timeout: 120_000,
  })
  return seconds(stderr)
}

/** syscount attaches: dd waits until it is there. */
async function timedUnderSyscount(bytes) {
  const child = spawn('sh', ['-c', 'kill -STOP $$; exec "$@"', 'sh', ...dd(bytes)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', chunk => (stderr += chunk))
  const syscount = spawn('stdbuf', ['-oL', 'syscount', '-L', '-p', String(child.pid)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(syscount.stdout, 'data')
  child.kill('SIGCONT')
  await once(child, 'close')
  syscount.kill('SIGINT')
  await once(syscount, 'exit')
  return seconds(stderr)
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const results = new Map(CASES.map(([name]) => [name, []]))
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, before, bytes] of CASES) {
    const took = before === undefined ? await timedUnderSyscount(bytes) : timed(before, bytes)
    results.get(name).push((took / (2 * bytes)) * 1e9)
  }
}
const base = median(results.get('untraced'))
const line = (name, ns, ratio) => process.stdout.write(`${name.padEnd(54)} ${ns.padStart(9)} ${ratio.padStart(8)}\n`)
line(`dd bs=1, median of ${ROUNDS} rounds`, 'ns/call', 'slower')
for (const [name, values] of results) {
  const ns = median(values)
  line(name, ns.toFixed(0), `${(ns / base).toFixed(1)}x`)
}
