// tw-stats against ss on many TIME_WAIT rows, in a network namespace of its own. Needs root, ip, ss, unshare, python3.
//   node bench/tw-stats.mjs [ROWS]      (default 100000, at most that)
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const LOAD = join(root, 'fixtures/load/tcp-load.py')
const ROUNDS = 9
const MOST_ROWS = 100_000
const DESTINATIONS = 4
const PORT = 8080

/** What is measured; the first is what the others are compared with. */
const CONTENDERS = [
  ['ss -tan state time-wait', 'ss', ['-tan', 'state', 'time-wait']],
  ['ss -tanH (all states)', 'ss', ['-tanH']],
  ['cat /proc/net/tcp', 'cat', ['/proc/net/tcp']],
  ['netstat -tan', 'netstat', ['-tan']],
  ['tw-stats', process.execPath, [join(root, 'bin/tw-stats.cjs')]],
  ['tw-stats --json', process.execPath, [join(root, 'bin/tw-stats.cjs'), '--json']],
  ['node -e 0', process.execPath, ['-e', '0']],
]

const [rowsText = String(MOST_ROWS), inside] = process.argv.slice(2)
const rows = Math.min(MOST_ROWS, Number(rowsText))

if (inside === undefined) {
  const { status } = spawnSync(
    'unshare',
    ['--net', process.execPath, fileURLToPath(import.meta.url), String(rows), 'inside'],
    {
      stdio: 'inherit',
    },
  )
  process.exit(status ?? 1)
}

run('ip', ['link', 'set', 'lo', 'up'])
run('sysctl', [
  '-qw',
  'net.ipv4.ip_local_port_range=1024 65535',
  'net.ipv4.tcp_tw_reuse=0',
  `net.ipv4.tcp_max_tw_buckets=${2 * MOST_ROWS}`,
])
const server = spawn('python3', [LOAD, 'serve', String(PORT)], { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  await once(server.stdout, 'data')
  // Few enough for each destination that connect() stays on its fast path.
  for (let i = 1; i <= DESTINATIONS; i += 1)
    run('python3', [LOAD, 'fill', String(PORT), String(Math.ceil(rows / DESTINATIONS)), '0', `127.0.0.${i}`])
  const there = Number(/ tw (\d+)/.exec(run('cat', ['/proc/net/sockstat']))?.[1])
  const times = new Map(CONTENDERS.map(([name]) => [name, []]))
  const cpu = new Map()
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, program, args] of CONTENDERS) {
      const cpuBefore = childrenCpuMs()
      const start = performance.now()
      const { error } = spawnSync(program, args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, NO_COLOR: '1' },
      })
      if (error) continue
      times.get(name).push(performance.now() - start)
      cpu.set(name, (cpu.get(name) ?? 0) + childrenCpuMs() - cpuBefore)
    }
  const still = Number(/ tw (\d+)/.exec(run('cat', ['/proc/net/sockstat']))?.[1])
  const peakKb = Number(run('python3', ['-c', peakOfChild(), process.execPath, join(root, 'bin/tw-stats.cjs')]))
  const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
  const base = median(times.get(CONTENDERS[0][0]))
  process.stdout.write(`${there} mini-sockets (${still} at the end), median of ${ROUNDS} rounds, interleaved\n`)
  for (const [name, values] of times)
    if (values.length > 0)
      process.stdout.write(
        `${name.padEnd(26)} ${median(values).toFixed(1).padStart(7)} ms  ${(median(values) / base).toFixed(2).padStart(5)} x ss  (best ${Math.min(...values).toFixed(1)}, CPU ${(cpu.get(name) / values.length).toFixed(0)} ms)\n`,
      )
  process.stdout.write(`tw-stats peak memory        ${(peakKb / 1024).toFixed(0).padStart(5)} MB\n`)
} finally {
  server.kill()
}

function run(program, args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`)
  return stdout
}

/** CPU of all children that have ended; the clock ticks 100 times a second, so only a sum over rounds is worth something. */
function childrenCpuMs() {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

function peakOfChild() {
  return 'import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'
}
