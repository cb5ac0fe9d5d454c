import type { ProcSource } from '../../proc/proc-source.ts'
import type { Document, Origin } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import { withDumps } from '../diag/with-dumps.ts'
import type { SocketReport } from '../model.ts'
import { prepareFilter } from '../prepare-filter.ts'
import { collectSockets } from '../read.ts'
import { socketsDocument, type SocketsDocument } from '../show/document.ts'
import { limitRemarks } from '../show/remarks.ts'
import { planAnswer, type AnswerPlan, type SocketQuery } from './query.ts'

/** What was asked, ready to be looked for again and again. */
export interface SocketLooks {
  source: ProcSource
  plan: AnswerPlan
  look(): SocketReport
  /** Adds what is told besides of the sockets of a look; what limits the answer. */
  complete(report: SocketReport): Promise<Warning[]>
  document(origin: Origin, report: SocketReport): Document<SocketsDocument, 'sockets'>
}

/** Everything that a query needs before the first look. */
export async function prepareLooks(opened: ProcSource, query: SocketQuery): Promise<SocketLooks> {
  const plan = planAnswer(query)
  const { request } = plan
  const read = await readerOf(opened, query)
  const source = await withDumps(opened)
  if (plan.filter !== undefined) request.filter = await prepareFilter(source, plan.filter)
  const addPeers = query.peers ? await (await import('../peers/add-peers.ts')).peerFinder(opened) : undefined
  let ofSearch: readonly Warning[] = []
  return {
    source,
    plan,
    look() {
      if (read === undefined) return collectSockets(source, request)
      const { report, warnings } = read(request)
      ofSearch = warnings
      return report
    },
    async complete(report) {
      const warnings = [...ofSearch]
      if (addPeers !== undefined) warnings.push(...(await addPeers(report.sockets, request)))
      if (plan.published) {
        const { addPublished } = await import('../published/add-published.ts')
        warnings.push(...(await addPublished(source, report, request)))
      }
      const ofFilter = plan.filter?.warnings ?? []
      return [...(opened.remarks ?? []), ...ofFilter, ...warnings, ...limitRemarks(source, report, plan.asked)]
    },
    document: (origin, report) => socketsDocument(origin, report, source.meta.userHz ?? 100),
  }
}

/** What reads other network namespaces, where they were asked for. */
async function readerOf(source: ProcSource, { netns, allNamespaces }: SocketQuery) {
  if (netns === undefined && !allNamespaces) return undefined
  const { everyNamespace, oneNamespace } = await import('../namespaces.ts')
  return netns === undefined ? everyNamespace(source, true) : (await oneNamespace(source, netns)).read
}
