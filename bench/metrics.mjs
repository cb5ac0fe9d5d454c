import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { limit, ratio } from './toolkit.mjs'

export const title = "a scrape of linsight metrics against node_exporter's tcpstat"

/** Longer than an answer is shared for: every scrape is collected anew. */
const GAP_MS = 1100
const SCRAPES = 5
/** Ticks of /proc/PID/stat in a second. */
const TICKS = 100

const OURS = 'linsight metrics serve'
const PEER = 'node_exporter --collector.tcpstat'

export async function run(bench) {
  const sockets = bench.scaled(50_000)
  return [
    await bench.underLoad(`${sockets} sockets in 500 processes, a scrape`, ['sockets', sockets, 500], async prefix => {
      const servers = {
        [OURS]: serve(
          bench,
          prefix,
          bench.linsight('linsight', 'metrics', 'serve', '--listen', '127.0.0.1:9977'),
          9977,
        ),
        [PEER]: serve(
          bench,
          prefix,
          [
            'prometheus-node-exporter',
            '--web.listen-address=127.0.0.1:9100',
            '--collector.disable-defaults',
            '--collector.tcpstat',
          ],
          9100,
        ),
      }
      try {
        // They start, and owners are searched for the first time.
        await sleep(10_000)
        const medians = await bench.inTurn(
          Object.fromEntries(Object.keys(servers).map(name => [name, [process.execPath, name]])),
          ([, name]) => servers[name].sample(),
        )
        return {
          medians,
          ratios: [ratio(medians, 'wallMs', OURS, PEER, 1.3), ratio(medians, 'cpuMs', OURS, PEER, 1.3)],
          limits: [limit(medians, 'rssMb', OURS, 200)],
        }
      } finally {
        await Promise.all(Object.values(servers).map(server => server.stop()))
      }
    }),
  ]
}

/** A server in the namespace of the load; what it takes of a processor between two readings is that of the scrapes. */
function serve(bench, prefix, command, port) {
  const [program, ...args] = [...prefix, ...command]
  const child = bench.start(program, args, { stdio: 'ignore' })
  const ticks = () => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1].split(' ')
    return Number(fields[11]) + Number(fields[12])
  }
  return {
    async sample() {
      const before = ticks()
      const url = `http://127.0.0.1:${port}/metrics`
      const scraper = [process.execPath, bench.file('scrape.mjs'), url, String(SCRAPES), String(GAP_MS)]
      const { stdout, stderr, status } = await bench.run([...prefix, ...scraper])
      if (status !== 0) throw new Error(`the scrape failed: ${stderr.trim()}`)
      const cpuMs = ((ticks() - before) * 1000) / TICKS / SCRAPES
      const peakKb = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))[1]
      const [wallMs, bytes] = stdout.split(' ').map(Number)
      return { wallMs, cpuMs, rssMb: Number(peakKb) / 1024, bytes }
    },
    async stop() {
      child.kill('SIGTERM')
      await child.ended
    },
  }
}
