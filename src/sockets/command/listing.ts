import { setTimeout as sleep } from 'node:timers/promises'
import { stderrProgress } from '../../cli/print-remark.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { writeOut } from '../../cli/write-out.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import { withDumps } from '../diag/with-dumps.ts'
import type { SocketReport } from '../model.ts'
import type { SocketRequest } from '../plan.ts'
import { nameResolver } from '../names/resolve-names.ts'
import { collectSockets } from '../read.ts'
import type { TextContext } from '../show/cell-text.ts'
import { sortSockets } from '../show/columns.ts'
import { socketsSummaryLine } from '../show/document.ts'
import { limitRemarks } from '../show/remarks.ts'
import type { NetstatFlags } from './flags.ts'
import type { CommandContext } from './jobs/job.ts'
import type { ReadSockets } from './jobs/script-job.ts'
import { listingText, writeAsNetstat, writeListing } from './listing-output.ts'
import type { ReadNamespaces } from '../namespaces.ts'
import { netstatRequest, type NetstatRequest } from './request.ts'

type Flags = NetstatFlags & { json?: boolean | undefined; from?: string | undefined }

/** Lists sockets, once or again and again; --wait, --watch and --fail-on look at what would be listed. */
export async function listSockets(
  context: CommandContext,
  open: () => Promise<ProcSource>,
  flags: Flags,
  words: readonly string[],
): Promise<void> {
  const request = netstatRequest(flags, words)
  const opened = await open()
  const namespaces = await namespacesOf(context, opened, flags)
  const source = asksKernel(request.sockets) || judgesSockets(flags) ? await withDumps(opened) : opened
  const read: ReadSockets = sockets =>
    namespaces?.(sockets) ?? { report: collectSockets(source, sockets), warnings: [] }
  if (flags.wait !== undefined || flags['wait-gone'] !== undefined) {
    const { waitForSockets, waitOf } = await import('./jobs/wait.ts')
    return waitForSockets(context, source, read, waitOf(flags, request.listed))
  }
  const stop = flags.continuous ? untilSignal().signal : undefined
  remarkSeconds(context, request)
  if (request.filter !== undefined) {
    for (const warning of request.filter.warnings) context.remark(warning)
    const { prepareFilter } = await import('../prepare-filter.ts')
    request.sockets.filter = await prepareFilter(source, request.filter)
  }
  const conditions = flags['fail-on']
  const failOn =
    conditions && (await (await import('./jobs/fail-on.ts')).judgeSockets(context, source, read, conditions, request))
  const { look, contextOf } = await looker(context, { opened, source, read, flags, request })
  if (flags.watch) {
    const table = (report: SocketReport, shown: TextContext) =>
      listingText(context.terminal, report, flags, request, shown)
    const { runWatch } = await import('./jobs/watch.ts')
    return runWatch(context, { flags, source, request, look, contextOf, table })
  }
  for (let round = 1; ; round += 1) {
    const report = look()
    const shown = await contextOf(report)
    if (flags.compat) await writeAsNetstat(source, report, flags, request, shown)
    else {
      await writeListing(context, source, { report, flags, request, shown, failOn: failOn?.json })
      failOn?.say()
    }
    if (stop === undefined) return
    await sleep(request.intervalMs, undefined, { signal: stop }).catch(() => {})
    if (!stop.aborted) continue
    if (flags.json) await writeOut([socketsSummaryLine(round, context.warnings)])
    return
  }
}

interface Listed {
  /** The source before the kernel itself is asked. */
  opened: ProcSource
  source: ProcSource
  read: ReadSockets
  flags: Flags
  request: NetstatRequest
}

/** Looks, and then finds what is shown besides: peers, ports that are published, names. Says once what limits it. */
async function looker(context: CommandContext, { opened, source, read, flags, request }: Listed) {
  const addPeers = request.peers ? await (await import('../peers/add-peers.ts')).peerFinder(opened) : undefined
  const resolve = nameResolver(source, request.names)
  let ofSearch: readonly Warning[] = []
  const look = (): SocketReport => {
    const { report, warnings } = read(request.sockets)
    ofSearch = warnings
    return report
  }
  const contextOf = async (report: SocketReport): Promise<TextContext> => {
    if (addPeers !== undefined) ofSearch = [...ofSearch, ...(await addPeers(report.sockets, request.sockets))]
    // Rules and proxies are asked once, not at every look.
    if (request.published && !flags.watch) {
      const { addPublished } = await import('../published/add-published.ts')
      ofSearch = [...ofSearch, ...(await addPublished(source, report, request.sockets))]
    }
    const { names, unanswered } = await resolve(report.sockets)
    const shown = { names, userHz: source.meta.userHz ?? 100, cgroups: await cgroupsOf(source, request) }
    if (request.sort) report.sockets = sortSockets(report.sockets, request.sort.name, request.sort.descending, shown)
    if (!flags.compat) {
      remarkNew(context, [...ofSearch, ...limitRemarks(source, report, request.askedTables), ...unresolved(unanswered)])
    }
    return shown
  }
  return { look, contextOf }
}

/** Reads other network namespaces than the one it runs in, where they were asked for. */
async function namespacesOf(
  context: CommandContext,
  source: ProcSource,
  { 'all-netns': all, netns, json }: Flags,
): Promise<ReadNamespaces | undefined> {
  if (!all && netns === undefined) return undefined
  const { everyNamespace, oneNamespace } = await import('../namespaces.ts')
  if (netns === undefined) return everyNamespace(source, json === true, () => stderrProgress('network namespaces'))
  const { remark, read } = await oneNamespace(source, netns)
  context.sayNamespace(remark)
  return read
}

/** Only where they are shown: there may be thousands. */
async function cgroupsOf(source: ProcSource, { columns, sort }: NetstatRequest) {
  if (sort?.name !== 'cgroup' && !columns?.includes('cgroup')) return undefined
  const { cgroupPaths } = await import('../names/cgroup-paths.ts')
  return cgroupPaths(source)
}

function remarkSeconds(context: CommandContext, { looksLikePort, intervalMs }: NetstatRequest): void {
  if (!looksLikePort) return
  const seconds = intervalMs / 1000
  context.remark({
    code: 'seconds-not-port',
    message: `again every ${seconds} seconds`,
    hint: `a port is written :${seconds}`,
  })
}

/** What holds for every round of -c is said once. */
function remarkNew(context: CommandContext, warnings: readonly Warning[]): void {
  const said = new Set(context.warnings.map(({ code }) => code))
  for (const warning of warnings) if (!said.has(warning.code)) context.remark(warning)
}

function unresolved(count: number): Warning[] {
  if (count === 0) return []
  const message = `${count} addresses were not resolved in time`
  return [{ code: 'names-unresolved', message, hint: '-n shows numbers at once' }]
}

/** --wait and --fail-on ask for what their own filters need. */
const judgesSockets = (flags: NetstatFlags) =>
  [flags.wait, flags['wait-gone'], flags['fail-on']].some(value => value !== undefined)

/** Whether the kernel is asked: what netstat prints comes from /proc, and of other families it has little to add. */
function asksKernel({ tables, singleRead, facts }: SocketRequest): boolean {
  return !singleRead && (facts !== undefined || tables.some(table => /^(?:(?:mp)?tcp|udp)/.test(table)))
}
