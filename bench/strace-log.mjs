import { join } from 'node:path'
import { makeLog } from './make-strace-log.mjs'
import { limit, ratio, say } from './toolkit.mjs'

export const title = 'trace-syscalls on a large strace log, against mawk that only adds up durations'

/** Each reads the page cache: the log is warm before it is measured. */
export async function run(bench) {
  const log = join(bench.folder, 'build.strace')
  say('writing a log')
  const made = makeLog(log, bench.scaled(400e6))
  await checkTotals(bench, log, made)
  const ours = 'trace-syscalls --from'
  const medians = await bench.compare({
    [ours]: bench.linsight('trace-syscalls', '--from', log),
    [`${ours} --by file`]: bench.linsight('trace-syscalls', '--from', log, '--by', 'file', '--top', '20'),
    mawk: ['mawk', '-f', bench.file('sum-durations.awk'), log],
    'wc -l': ['wc', '-l', log],
  })
  return [
    {
      load: `a strace log of ${Math.round(made.bytes / 1e6)} MB`,
      medians,
      ratios: [ratio(medians, 'wallMs', ours, 'mawk', 0.35), ratio(medians, 'wallMs', `${ours} --by file`, 'mawk')],
      limits: [limit(medians, 'rssMb', ours, 100)],
    },
  ]
}

/** What is fast but wrong is not measured. */
async function checkTotals(bench, log, made) {
  const { stdout } = await bench.run(bench.linsight('trace-syscalls', '--from', log, '--json'))
  const { profile, warnings } = JSON.parse(stdout)
  const sum = key => profile.syscalls.reduce((all, row) => all + row[key], 0)
  if (sum('calls') !== made.calls || sum('errors') !== made.errors || warnings.length > 0)
    throw new Error(
      `the log holds ${made.calls} calls and ${made.errors} errors, but ${sum('calls')} and ${sum('errors')} were read`,
    )
}
