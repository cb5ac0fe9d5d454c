import { limit, ratio } from './toolkit.mjs'

export const title =
  'linsight top on a terminal: the first frame, and CPU beside what shows traffic by capturing packets'

/** Both ends stand on this machine. */
const SOCKETS = 500
const FLOWS = [1_000_000, 250_000, 40_000, 40_000, 40_000]
const WATCHED_S = 10

export async function run(bench) {
  const sockets = bench.scaled(SOCKETS)
  const title = `${sockets} sockets, 5 of them with 1.4 MB/s, looked at once a second`
  if (process.getuid() !== 0) return [{ load: title, skipped: 'needs root, for a network namespace of its own' }]
  const load = { lo: true, rates: FLOWS, idle: Math.max(0, sockets / 2 - FLOWS.length) }
  const holder = bench.start(
    'unshare',
    ['--net', 'python3', bench.file('../fixtures/programs/steady-traffic.py'), JSON.stringify(load)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  try {
    await new Promise((resolve, reject) => {
      holder.stdout.once('data', resolve)
      holder.ended.then(status => reject(new Error(`the load ended with ${status}`)), reject)
    })
    const inside = ['nsenter', `--net=/proc/${holder.pid}/ns/net`]
    const onTerminal = async (mark, seconds, command) => {
      const { status, stdout } = await bench.run([
        ...inside,
        'python3',
        bench.file('on-pty.py'),
        mark,
        String(seconds),
        'q',
        ...command,
      ])
      if (status !== 0) throw new Error(stdout.trim())
      return JSON.parse(stdout)
    }
    /** What stands on its screen from the first frame on. */
    const marks = { node: 'Processes', iftop: 'TX:', nethogs: 'NetHogs' }
    const markOf = ([program]) => marks[program.split('/').at(-1)] ?? marks.node
    const top = bench.linsight('linsight', 'top')
    const first = await bench.inTurn(
      { 'linsight top': top, 'node -e 0': [process.execPath, '-e', 'console.log("Processes")'] },
      async command => {
        const { firstMs, firstCpuMs } = await onTerminal(markOf(command), 0, command)
        return { wallMs: firstMs, cpuMs: firstCpuMs }
      },
      { rounds: 2 * bench.runs },
    )
    const watched = await bench.inTurn(
      {
        'linsight top': top,
        'linsight top -v connections': [...top, '-v', 'connections'],
        'iftop -nN': ['iftop', '-nN', '-i', 'lo'],
        nethogs: ['nethogs', '-a', 'lo'],
      },
      async command => {
        const { cpuMs, rssKib } = await onTerminal(markOf(command), WATCHED_S, command)
        return { cpuMs, rssMb: rssKib / 1024 }
      },
      { rounds: Math.ceil(bench.runs / 2) },
    )
    return [
      {
        load: `the first frame of ${sockets} sockets`,
        medians: first,
        ratios: [
          ratio(first, 'wallMs', 'linsight top', 'node -e 0'),
          ratio(first, 'cpuMs', 'linsight top', 'node -e 0'),
        ],
        limits: [limit(first, 'wallMs', 'linsight top', 100)],
      },
      {
        load: `${title}, for ${WATCHED_S} s`,
        medians: watched,
        ratios: ['iftop -nN', 'nethogs'].map(peer => ratio(watched, 'cpuMs', 'linsight top', peer)),
        limits: [
          limit(watched, 'cpuMs', 'linsight top', 0.03 * WATCHED_S * 1000),
          limit(watched, 'rssMb', 'linsight top', 100),
        ],
      },
    ]
  } finally {
    holder.stdin.end()
    await holder.ended
  }
}
