import { once } from 'node:events'
import { ratio } from './toolkit.mjs'

export const title = 'what tracing costs a program that does nothing but short system calls'

/** Bytes dd copies, two calls each: as many as take about a second, traced by what stops it or not. */
const FAST = 500_000
const SLOW = 20_000

export async function run(bench) {
  const load = 'dd bs=1, two short system calls a byte'
  if (process.getuid() !== 0) return [{ load, skipped: 'needs root, as eBPF does' }]
  const dd = bytes => ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', `count=${bench.scaled(bytes)}`]
  const ours = (...flags) => [...bench.linsight('trace-syscalls', '-o', '/dev/null', ...flags), '--']
  const strace = (...flags) => ['strace', '-o', '/dev/null', '-c', ...flags]
  const medians = await bench.inTurn(
    {
      'trace-syscalls --backend bpf': [...ours('--backend', 'bpf'), ...dd(FAST)],
      'trace-syscalls --backend bpf -w': [...ours('--backend', 'bpf', '-w'), ...dd(FAST)],
      'trace-syscalls --backend bpf -f': [...ours('--backend', 'bpf', '-f'), ...dd(FAST)],
      'trace-syscalls --backend syscount': [...ours('--backend', 'syscount'), ...dd(FAST)],
      'trace-syscalls --backend strace -f': [...ours('--backend', 'strace', '-f'), ...dd(SLOW)],
      'trace-syscalls --backend strace -f -e trace=openat': [
        ...ours('--backend', 'strace', '-f', '-e', 'trace=openat'),
        ...dd(FAST),
      ],
      'trace-syscalls --backend perf': [...ours('--backend', 'perf'), ...dd(SLOW)],
      untraced: dd(FAST),
      'syscount -L': ['syscount', ...dd(FAST)],
      'strace -c -f': [...strace('-f'), ...dd(SLOW)],
      'strace -c -f -e trace=openat': [...strace('-f', '-e', 'trace=openat'), ...dd(SLOW)],
    },
    async command => {
      const stderr =
        command[0] === 'syscount' ? await underSyscount(bench, command.slice(1)) : await plain(bench, command)
      return { nsPerCall: nsPerCall(stderr, Number(command.at(-1).split('=')[1])) }
    },
    { rounds: Math.min(3, bench.runs), warmUps: 0 },
  )
  const beside = (name, peer) => ratio(medians, 'nsPerCall', name, peer)
  const backends = Object.keys(medians).filter(name => name.startsWith('trace-syscalls'))
  return [
    {
      load,
      medians,
      ratios: [
        ...backends.map(name => beside(name, 'untraced')),
        beside('trace-syscalls --backend bpf', 'syscount -L'),
        beside('trace-syscalls --backend strace -f', 'strace -c -f'),
        beside('trace-syscalls --backend strace -f -e trace=openat', 'strace -c -f -e trace=openat'),
      ],
    },
  ]
}

async function plain(bench, command) {
  const { status, stderr } = await bench.run(command)
  if (status !== 0) throw new Error(`ended with ${status}: ${stderr.trim().split('\n').at(-1)}`)
  return stderr
}

/** syscount attaches: dd waits until it is there. */
async function underSyscount(bench, command) {
  const waiting = bench.start('sh', ['-c', 'kill -STOP $$; exec "$@"', 'sh', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const syscount = bench.start('stdbuf', ['-oL', 'syscount', '-L', '-p', String(waiting.pid)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    let stderr = ''
    waiting.stderr.on('data', chunk => (stderr += chunk))
    const isThere = once(syscount.stdout, 'data').then(() => true)
    if ((await Promise.race([isThere, syscount.ended])) !== true) throw new Error('syscount cannot attach here')
    syscount.stdout.resume()
    waiting.kill('SIGCONT')
    await waiting.ended
    return stderr
  } finally {
    waiting.kill('SIGKILL')
    syscount.kill('SIGINT')
    await Promise.all([waiting.ended, syscount.ended])
  }
}

/** By the seconds that dd says it took. */
function nsPerCall(stderr, bytes) {
  const [, seconds] = /, ([\d.e-]+) s, /.exec(stderr) ?? []
  if (seconds === undefined) throw new Error(`dd did not say how long it took: ${stderr.trim()}`)
  return (Number(seconds) * 1e9) / (2 * bytes)
}
