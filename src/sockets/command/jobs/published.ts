import { originOf } from '../../../cli/base-command.ts'
import { loadLibc } from '../../../libc/libc.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { withDumps } from '../../diag/with-dumps.ts'
import type { PublishedPort } from '../../published/published-port.ts'
import { readPublished } from '../../published/read-published.ts'
import { publishedDocument } from '../../published/show/published-document.ts'
import { publishedTable } from '../../published/show/published-table.ts'
import type { NetstatFlags } from '../flags.ts'
import { operandsOf } from '../operands.ts'
import { publishedWarnings } from '../../published/add-published.ts'
import type { JobContext } from './job.ts'

/** `mynetstat --published [:PORT…]`: the ports of this machine that lead elsewhere, alone. */
export async function runPublished(
  job: JobContext,
  flags: NetstatFlags & { from?: string | undefined },
  words: readonly string[],
): Promise<void> {
  const source = await withDumps(await job.openSource(flags.from))
  const found = await readPublished(source, { libc: await loadLibc(), ports: operandsOf(words, flags).ports })
  const report = { ...found, ports: found.ports.filter(port => isAsked(port, flags)) }
  for (const warning of publishedWarnings(source, report, true)) job.remark(warning)
  const { color, width } = job.terminal
  const theme = createTheme(color)
  const layout = { color: theme.enabled, width: flags.wide ? Infinity : width }
  await job.emit({
    document: () => publishedDocument(originOf(source), report),
    text: () => publishedTable(report.ports, !flags['no-header'], theme, layout),
  })
}

/** A port of every protocol is one of each. */
function isAsked({ protocol, family }: PublishedPort, { tcp, udp, inet, inet6 }: NetstatFlags): boolean {
  const ofProtocol =
    (!tcp && !udp) || protocol === undefined || (protocol === 'tcp' && tcp) || (protocol === 'udp' && udp)
  const ofFamily = inet === inet6 || family === undefined || family === (inet ? 4 : 6)
  return ofProtocol && ofFamily
}
