import { setTimeout as sleep } from 'node:timers/promises'
import { originOf } from '../../../../cli/base-command.ts'
import { untilSignal } from '../../../../cli/until-signal.ts'
import { writeOut } from '../../../../cli/write-out.ts'
import { InputError, MachineError } from '../../../../errors.ts'
import { compat, counterChanges, readCounters, selectedGroups, show, viewWarnings } from '../../../../network/index.ts'
import type { CountersReport } from '../../../../network/model.ts'
import type { ProcSource } from '../../../../proc/proc-source.ts'
import { documentLine } from '../../../../terminal/json.ts'
import { createTheme } from '../../../../terminal/theme.ts'
import { Screen } from '../../../../terminal/screen.ts'
import type { JobContext } from '../job.ts'
import type { ViewRequest } from './view.ts'

const DEFAULT_LINES = 24

/** `mynetstat -s`: the counters; with -c or --watch what they do from then on. */
export async function showStatistics(source: ProcSource, job: JobContext, request: ViewRequest): Promise<void> {
  const { flags } = request
  const first = read(source)
  for (const warning of viewWarnings.fileWarnings(first, !source.isThisMachine)) job.remark(warning)
  if (flags.compat) {
    const { tcp, udp, raw, sctp, udplite, inet6 } = flags
    // netstat prints its counters once, whatever -c says.
    return writeOut(compat.compatStatistics(first, { tcp, udp, raw, sctp, udplite, ipv6: inet6 }), 'latin1')
  }
  const repeats = flags.continuous || flags.watch
  const groups = chosen(first, flags)
  const document = () => show.countersDocument(originOf(source), groups)
  const layout = { theme: createTheme(job.terminal.color), width: job.terminal.width }
  const text = () => show.countersText(groups, { ...layout, all: flags.all })
  if (!repeats) return job.emit({ document, text })
  const screen = job.terminal.interactive && !flags.json ? new Screen() : undefined
  const begin = [sinceText(job), ...text()]
  if (flags.json) await writeOut([documentLine('counters', document(), job.warnings)])
  else await writeOut(screen === undefined ? begin : [screen.draw(begin.join(''), linesOf())])
  await watch(source, job, request, first, screen)
}

const sinceText = ({ terminal }: JobContext) =>
  `${createTheme(terminal.color).heading('since the network namespace began (its own: since boot)')}\n`

const linesOf = () => process.stdout.rows || DEFAULT_LINES

async function watch(
  source: ProcSource,
  job: JobContext,
  request: ViewRequest,
  first: CountersReport,
  screen: Screen | undefined,
): Promise<void> {
  const { flags, intervalMs } = request
  const stop = untilSignal()
  let before = { report: first, atMs: performance.now() }
  let rounds = 1
  try {
    for (;;) {
      await sleep(intervalMs, undefined, { signal: stop.signal }).catch(() => {})
      if (stop.signal.aborted) break
      const after = { report: read(source), atMs: performance.now() }
      const seconds = (after.atMs - before.atMs) / 1000
      const changes = counterChanges(
        { groups: chosen(before.report, flags), missing: [] },
        { groups: chosen(after.report, flags), missing: [] },
        seconds,
      )
      before = after
      rounds += 1
      const at = new Date().toISOString()
      if (flags.json) {
        await writeOut([show.counterChangesLine(at, seconds, changes)])
        continue
      }
      const text = [
        ...show.changesText(changes, {
          time: at,
          seconds,
          theme: createTheme(job.terminal.color),
          width: job.terminal.width,
        }),
      ].join('')
      await writeOut([screen === undefined ? text : screen.draw(text, linesOf())])
    }
  } finally {
    stop.done()
    if (screen !== undefined) await writeOut([screen.leave()])
  }
  if (flags.json) await writeOut([show.countersSummaryLine(rounds, job.warnings)])
}

function chosen({ groups }: CountersReport, flags: ViewRequest['flags']) {
  const { tcp, udp, udplite, raw, sctp, inet, inet6 } = flags
  return selectedGroups(groups, { tcp, udp, udplite, raw, sctp, ipv4: inet, ipv6: inet6 })
}

function read(source: ProcSource): CountersReport {
  const report = readCounters(source)
  if (report.groups.length > 0) return report
  const what = 'neither net/snmp nor net/netstat holds counters'
  if (source.isThisMachine) throw new MachineError('no-kernel-support', `${what} here`)
  throw new InputError('input-missing', `${what} in ${source.label}`)
}
