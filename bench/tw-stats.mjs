import { grouped } from './figures.mjs'
import { limit, ratio } from './toolkit.mjs'

export const title = 'tw-stats against ss and netstat on many TIME_WAIT rows'

export async function run(bench) {
  const rows = bench.scaled(100_000)
  return [
    await bench.underLoad(`${grouped(rows)} TIME_WAIT`, ['time-wait', rows], prefix => waiting(bench, prefix, rows)),
  ]
}

async function waiting(bench, prefix, rows) {
  const medians = await bench.compare(
    {
      'tw-stats': bench.linsight('tw-stats'),
      'tw-stats --json': bench.linsight('tw-stats', '--json'),
      'ss -tan state time-wait': ['ss', '-tan', 'state', 'time-wait'],
      'netstat -tan': ['netstat', '-tan'],
      'cat /proc/net/tcp': ['cat', '/proc/net/tcp'],
    },
    { prefix },
  )
  const { stdout } = await bench.run([...prefix, 'cat', '/proc/net/sockstat'])
  const left = Number(/ tw (\d+)/.exec(stdout)?.[1])
  if (left < rows) throw new Error(`only ${left} of ${rows} rows stayed until the end: fewer runs are needed`)
  return {
    medians,
    ratios: [
      ratio(medians, 'wallMs', 'tw-stats', 'ss -tan state time-wait', 2),
      ratio(medians, 'wallMs', 'tw-stats', 'netstat -tan'),
    ],
    limits: [limit(medians, 'rssMb', 'tw-stats')],
  }
}
