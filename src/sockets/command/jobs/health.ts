import { setTimeout as sleep } from 'node:timers/promises'
import { originOf } from '../../../cli/base-command.ts'
import { EXIT, InputError } from '../../../errors.ts'
import { libcToEnter } from '../../../namespaces/libc-to-enter.ts'
import { readBootTimeMs } from '../../../processes/read-process-facts.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { createTheme } from '../../../terminal/theme.ts'
import { withDumps } from '../../diag/with-dumps.ts'
import { checkHealth, isAnythingWrong } from '../../health/check-health.ts'
import type { HealthLook } from '../../health/look.ts'
import { readHealthLooks, type HealthReading } from '../../health/read-look.ts'
import { healthDocument } from '../../show/health/health-document.ts'
import { healthText } from '../../show/health/health-text.ts'
import type { TableName } from '../../model.ts'
import type { NamespaceSource } from '../../read.ts'
import { limitRemarks } from '../../show/remarks.ts'
import type { JobContext } from './job.ts'

interface HealthRequest {
  from?: string | undefined
  before?: string | undefined
  duration?: number | undefined
  'all-netns'?: boolean | undefined
}

const DEFAULT_MS = 2000

/** `mynetstat --health`: two looks, or those of recordings; exit 1 where something is wrong. */
export async function runHealth(job: JobContext, request: HealthRequest): Promise<void> {
  const { from, before, duration } = request
  const source = await openForHealth(job, from)
  const earlier = before === undefined ? undefined : await openForHealth(job, before)
  if (earlier !== undefined) refuseOthers(earlier, source)
  const spaces = await spacesOf(job, source, request)
  const first =
    earlier !== undefined
      ? look(earlier, await spacesOf(job, earlier, request))
      : source.isThisMachine
        ? look(source, spaces)
        : undefined
  if (first !== undefined && earlier === undefined) await sleep(duration ?? DEFAULT_MS)
  const last = look(source, spaces)
  // Of all namespaces one may go meanwhile: then nothing of it can be read, and nothing is wrong with it.
  const looks = request['all-netns'] ? last.looks.filter(isStillThere) : last.looks
  const report = checkHealth(looks, first?.looks)
  const asked: ReadonlySet<TableName> = new Set(request['all-netns'] ? [] : ['tcp'])
  for (const warning of limitRemarks(source, last.report, asked)) job.remark(warning)
  const { terminal } = job
  await job.emit({
    document: () => healthDocument(originOf(source), report, Object.fromEntries(last.report.search?.unreadable ?? [])),
    text: () => healthText(report, { theme: createTheme(terminal.color), width: terminal.width }),
  })
  if (isAnythingWrong(report)) process.exitCode = EXIT.no
}

function isStillThere({ sockets, counters, gauges }: HealthLook): boolean {
  return sockets.length > 0 || counters.size > 0 || gauges.size > 0
}

async function openForHealth(job: JobContext, path: string | undefined): Promise<ProcSource> {
  // Only the kernel's own answer tells the limits of accept queues.
  return withDumps(await job.openSource(path))
}

/**
 * The namespaces to look at: that of the source, which --netns has chosen, or all. Both looks are at the same ones: a
 * number is given to another as soon as it is free.
 */
async function spacesOf(
  job: JobContext,
  source: ProcSource,
  { 'all-netns': all }: HealthRequest,
): Promise<NamespaceSource[]> {
  if (!all) return [{ source, netns: undefined }]
  const { namespaceSources } = await import('../../namespaces.ts')
  const { sources, warnings } = namespaceSources(source, await libcToEnter(source))
  for (const warning of warnings) job.remark(warning)
  return sources
}

function look(source: ProcSource, spaces: readonly NamespaceSource[]): HealthReading {
  return readHealthLooks(source, spaces, () => (source.isThisMachine ? Date.now() : takenAtMs(source)))
}

function takenAtMs({ meta }: ProcSource): number | undefined {
  const at = meta.takenAt === undefined ? NaN : Date.parse(meta.takenAt)
  return Number.isFinite(at) ? at : undefined
}

/** The kernel computes when it booted anew for each reader: it may differ by so much. */
const SAME_BOOT_MS = 2000

/** Two looks at different machines, or at different runs of one, compare nothing. */
function refuseOthers(earlier: ProcSource, later: ProcSource): void {
  const [first, last] = [takenAtMs(earlier), later.isThisMachine ? Date.now() : takenAtMs(later)]
  if (first !== undefined && last !== undefined && first >= last)
    throw new InputError(
      'input-format',
      `the recording ${earlier.label} of --before is not older than ${later.label}`,
      {
        hint: 'give the older one with --before and the newer one with --from',
      },
    )
  const boots = [earlier, later].map(readBootTimeMs)
  const sameBoot = boots.some(boot => boot === undefined) || Math.abs(boots[0]! - boots[1]!) <= SAME_BOOT_MS
  const sameHost = [earlier, later].some(({ meta }) => meta.host === undefined) || earlier.meta.host === later.meta.host
  if (!sameBoot || !sameHost)
    throw new InputError(
      'input-format',
      `${earlier.label} and ${later.label} are not of one machine between two boots`,
      {
        hint: 'sockets of different machines or boots cannot be compared',
      },
    )
}
