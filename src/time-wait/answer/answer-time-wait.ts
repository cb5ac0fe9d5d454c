import { UsageError } from '../../errors.ts'
import { libcToEnter } from '../../namespaces/libc-to-enter.ts'
import { namedNamespace } from '../../namespaces/named-namespace.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { addressFilter, servicePorts, withDumps } from '../../sockets/index.ts'
import type { Document, Origin } from '../../terminal/json.ts'
import type { Warning } from '../../warnings.ts'
import { GROUPINGS, type Grouping } from '../model.ts'
import { readReport } from '../read/read-report.ts'
import { timeWaitDocument, type TimeWaitDocument, type TimeWaitLists } from '../show/json.ts'

/** What a program asks of TIME_WAIT. */
export interface TimeWaitQuery {
  /** Sums by something else than the destination. */
  by?: Grouping | undefined
  /** Of destinations, local ports and half-closed connections only these: addresses and ports as tw-stats takes them. */
  filter?: string | undefined
  /** At most so many destinations, ports and groups. */
  top?: number | undefined
  /** In this network namespace. */
  netns?: string | undefined
}

export interface TimeWaitAnswer {
  document: (origin: Origin) => Document<TimeWaitDocument, keyof TimeWaitLists>
  warnings: Warning[]
}

/** TIME_WAIT as it is; a second look is taken, about a second later, where one leaves something open. */
export async function answerTimeWait(
  opened: ProcSource,
  query: TimeWaitQuery,
  signal?: AbortSignal,
): Promise<TimeWaitAnswer> {
  const { by, top, netns } = query
  if (by !== undefined && !GROUPINGS.includes(by))
    throw new UsageError(`TIME_WAIT is not summed up by ${by}`, { hint: `known are ${GROUPINGS.join(', ')}` })
  if (top !== undefined && !(Number.isInteger(top) && top > 0)) throw new UsageError(`top is ${top}, no count`)
  const filter = query.filter === undefined ? undefined : addressFilter(query.filter, servicePorts(['tcp']))
  const asked = await withDumps(opened)
  const chosen = netns === undefined ? undefined : await namedNamespace(asked, netns, await libcToEnter(asked))
  const report = await readReport(chosen?.inside ?? asked, { by, filter }, signal)
  return {
    document: origin => timeWaitDocument(origin, report, top, chosen?.namespace),
    warnings: [...(opened.remarks ?? []), ...(filter?.warnings ?? []), ...report.warnings],
  }
}
