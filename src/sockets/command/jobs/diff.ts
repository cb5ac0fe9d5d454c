import { existsSync } from 'node:fs'
import { originOf } from '../../../cli/base-command.ts'
import { EXIT, UsageError } from '../../../errors.ts'
import { readBootTimeMs } from '../../../processes/read-process-facts.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { escapeText } from '../../../terminal/escape.ts'
import type { Origin } from '../../../terminal/json.ts'
import { whyNotComparable, type LookOrigin } from '../../change/rules/same-machine.ts'
import { isSame, socketDiff } from '../../change/rules/socket-diff.ts'
import { socketDiffDocument } from '../../change/show/diff-json.ts'
import { diffText } from '../../change/show/diff-text.ts'
import { withDumps } from '../../diag/with-dumps.ts'
import type { SocketReport } from '../../model.ts'
import { NUMERIC } from '../../names/names.ts'
import { collectSockets } from '../../read.ts'
import { limitRemarks } from '../../show/remarks.ts'
import type { NetstatFlags } from '../flags.ts'
import { netstatRequest } from '../request.ts'
import type { JobContext } from './job.ts'

type DiffFlags = NetstatFlags & { json?: boolean | undefined; from?: string | undefined; diff: string }

/** A look at the sockets of a machine. */
interface Look {
  source: ProcSource
  report: SocketReport
}

/** `mynetstat --diff OLD [NEW]`: exit 0 where nothing is different, else 1. */
export async function runDiff(job: JobContext, flags: DiffFlags, words: readonly string[]): Promise<void> {
  const { path, rest } = newerOf(words, flags)
  const old = await look(job, flags, flags.diff, rest)
  const newer = await look(job, flags, path, rest)
  const notComparable = whyNotComparable(lookOrigin(old.source), lookOrigin(newer.source))
  if (notComparable !== undefined)
    job.remark({
      code: 'looks-differ',
      message: `only the addresses of listeners are compared: ${escapeText(notComparable)}`,
    })
  const diff = socketDiff(old.report.sockets, newer.report.sockets, {
    comparable: notComparable === undefined,
    counts: !flags.listening || flags.all,
    connections: flags.all,
  })
  const same = isSame(diff)
  const userHz = newer.source.meta.userHz ?? 100
  const origins = { old: originOf(old.source), new: originOf(newer.source) }
  await job.emit({
    document: () => socketDiffDocument(origins, diff, { same, notComparable, userHz }),
    text: () =>
      diffText(
        diff,
        { old: titleOf(origins.old), new: titleOf(origins.new) },
        { names: NUMERIC, userHz },
        { theme: createTheme(job.terminal.color), width: flags.wide ? Infinity : job.terminal.width },
      ),
  })
  if (!same) process.exitCode = EXIT.no
}

/** The first operand is the newer recording where it is a file, or looks like the name of one; `--from` is the same. */
function newerOf(words: readonly string[], { from }: DiffFlags): { path: string | undefined; rest: readonly string[] } {
  const [first, ...rest] = words
  const isFile = first !== undefined && (/\.(json|gz|tar|tgz)$|^\.{0,2}\//.test(first) || existsSync(first))
  if (!isFile) return { path: from, rest: words }
  if (from !== undefined)
    throw new UsageError(`${first} and --from ${from} are two newer looks`, { hint: 'give one of them' })
  return { path: first, rest }
}

async function look(
  job: JobContext,
  flags: DiffFlags,
  path: string | undefined,
  words: readonly string[],
): Promise<Look> {
  const source = await withDumps(await job.openSource(path))
  const { sockets: request, filter, askedTables } = netstatRequest(flags, words)
  if (filter !== undefined) {
    const { prepareFilter } = await import('../../prepare-filter.ts')
    request.filter = await prepareFilter(source, filter)
  }
  const report = collectSockets(source, {
    ...request,
    // Listeners are always compared, the others unless -l leaves them out.
    selection: { ...request.selection, all: !flags.listening || flags.all },
    owners: request.owners ?? 'name',
    facts: request.facts ?? 'plain',
    skipOwnerlessReasons: true,
  })
  for (const warning of limitRemarks(source, report, askedTables))
    job.remark({ ...warning, message: `${escapeText(source.label)}: ${warning.message}` })
  return { source, report }
}

function lookOrigin(source: ProcSource): LookOrigin {
  return { host: source.meta.host, bootedAtMs: readBootTimeMs(source), netns: source.meta.netns }
}

const titleOf = ({ source, host, takenAt }: Origin) =>
  escapeText(
    [source, ...(takenAt === undefined ? [] : [takenAt]), ...(host === undefined ? [] : [`of ${host}`])].join(' '),
  )
