import { grouped } from './figures.mjs'
import { limit } from './toolkit.mjs'

export const title = 'linsight diagnose: what it takes of the machine that it looks at'

const PROCESSES = 700
/** It looks for five seconds; a tenth of a processor of them. */
const CPU_MS = 500
/** Two seconds more than it was asked to look for. */
const WALL_MS = 7000
const RSS_MB = 200

/** What bpftrace takes is not in the figures: it is not waited for. */
export async function run(bench) {
  const processes = bench.scaled(PROCESSES)
  const loads = []
  for (const sockets of [2 * processes, bench.scaled(50_000)]) {
    const load = `${processes} processes more, ${grouped(sockets)} sockets`
    const isMany = sockets > 2 * processes
    loads.push(await bench.underLoad(load, ['sockets', sockets, processes], prefix => looking(bench, prefix, isMany)))
  }
  return loads
}

async function looking(bench, prefix, areManySockets) {
  const diagnose = (...flags) => bench.linsight('linsight', 'diagnose', '--json', '--fail-on', 'never', ...flags)
  const medians = await bench.compare(
    { 'linsight diagnose': diagnose(), 'linsight diagnose --no-trace': diagnose('--no-trace') },
    { prefix, rounds: Math.min(bench.runs, 3) },
  )
  const [ours] = Object.keys(medians)
  return {
    medians,
    limits: [
      limit(medians, 'cpuMs', ours, areManySockets ? undefined : CPU_MS),
      limit(medians, 'wallMs', ours, WALL_MS),
      limit(medians, 'rssMb', ours, RSS_MB),
    ],
  }
}
