import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { grouped } from './figures.mjs'
import { limit } from './toolkit.mjs'

export const title = 'linsight report: a page of many sockets'

const SOCKETS = 50_000
const CPU_MS = 6000
const RSS_MB = 600

export async function run(bench) {
  const sockets = bench.scaled(SOCKETS)
  const recording = join(bench.folder, 'many.snap.json')
  writeFileSync(recording, JSON.stringify(snapshotOf(sockets)))
  const ours = 'linsight report'
  // In a pipe the page goes to stdout, where its bytes are counted.
  const medians = await bench.compare({ [ours]: bench.linsight('linsight', 'report', recording) })
  return [
    {
      load: `a snapshot of ${grouped(sockets)} sockets`,
      medians,
      limits: [limit(medians, 'cpuMs', ours, CPU_MS), limit(medians, 'rssMb', ours, RSS_MB)],
    },
  ]
}

const hex = (value, digits) => value.toString(16).toUpperCase().padStart(digits, '0')

/** Connections of 500 processes, as a snapshot. */
function snapshotOf(count) {
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n'
  const files = {}
  const links = {}
  const rows = Array.from({ length: count }, (_, i) => {
    links[`${100 + (i % 500)}/fd/${3 + Math.floor(i / 500)}`] = `socket:[${100_000 + i}]`
    const ends = `0700000A:${hex(1024 + (i % 60_000), 4)} ${hex(i % 250, 2)}01000A:01BB`
    return `${String(i).padStart(4)}: ${ends} 01 00000000:${hex(i % 97 === 0 ? i : 0, 8)} 00:00000000 00000000  1000        0 ${100_000 + i} 1 0000000000000000 20 4 30 10 -1\n`
  })
  files['net/tcp'] = header + rows.join('')
  for (let pid = 100; pid < 600; pid += 1) {
    files[`${pid}/cmdline`] = `/usr/sbin/worker${pid % 9}\0`
    files[`${pid}/stat`] = `${pid} (worker) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 ${pid} 0 0\n`
  }
  const meta = { host: 'web1', userHz: 100, endian: 'little', takenAt: '2026-11-21T14:00:00.000Z' }
  return { schema: 'linsight/snapshot/1', meta, files, links, errors: {} }
}
