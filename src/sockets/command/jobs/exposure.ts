import { originOf } from '../../../cli/base-command.ts'
import { optional } from '../../../errors.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { loadLibc } from '../../../libc/libc.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { dumpPath } from '../../diag/dump-path.ts'
import { withDumps } from '../../diag/with-dumps.ts'
import { readExposure } from '../../exposure/read-exposure.ts'
import { exposureDocument } from '../../exposure/show/exposure-document.ts'
import { exposureText } from '../../exposure/show/exposure-text.ts'
import type { TableName } from '../../model.ts'
import { collectSockets } from '../../read.ts'
import { limitRemarks } from '../../show/remarks.ts'
import { prepareFilter } from '../../prepare-filter.ts'
import { netstatRequest } from '../request.ts'
import type { NetstatFlags } from '../flags.ts'
import type { JobContext } from './job.ts'

/** Raw sockets and those of other families have no port that a firewall knows. */
const WITH_PORTS: ReadonlySet<TableName> = new Set(['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6'])

/** `mynetstat --exposure [:PORT…]`: who can get at what listens here, from outside the machine. */
export async function runExposure(
  job: JobContext,
  flags: NetstatFlags & { from?: string | undefined; json?: boolean | undefined },
  words: readonly string[],
): Promise<void> {
  const { sockets: asked, filter } = netstatRequest({ ...flags, listening: true, programs: true }, words)
  const source = await withDumps(await job.openSource(flags.from))
  for (const warning of filter?.warnings ?? []) job.remark(warning)
  const selects = filter && (await prepareFilter(source, filter))
  const report = collectSockets(source, {
    ...asked,
    filter: selects,
    tables: asked.tables.filter(table => WITH_PORTS.has(table)),
    selection: { ...asked.selection, all: false, listening: true },
    owners: flags.json || filter?.needs.owners === 'full' ? 'full' : 'name',
    // Whether a socket on :: takes IPv4, too; of old recordings only what /proc shows is known.
    facts: source.dumpSockets !== undefined || hasDumps(source) ? 'plain' : undefined,
  })
  const remarks = limitRemarks(source, report, new Set(['tcp']))
  const exposure = await readExposure(source, report, {
    libc: await loadLibc(),
    ports: asked.selection.ports,
    filter: selects,
  })
  const said = new Set(remarks.map(({ code }) => code))
  for (const warning of [...remarks, ...exposure.warnings.filter(({ code }) => !said.has(code))]) job.remark(warning)
  const { color, width } = job.terminal
  const theme = createTheme(color)
  const layout = { color: theme.enabled, width: flags.wide ? Infinity : width }
  const unreadable = Object.fromEntries(report.search?.unreadable ?? [])
  await job.emit({
    document: () => exposureDocument(originOf(source), exposure, unreadable),
    text: () => exposureText(exposure, !flags['no-header'], theme, layout),
  })
}

const hasDumps = (source: ProcSource) => optional(() => source.readFile(dumpPath('tcp'))) !== undefined
