import { setTimeout as sleep } from 'node:timers/promises'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { TimeWaitReport } from '../model.ts'
import { timeWaitReport, type ReportRequest } from '../rules/report.ts'
import { needsSecondLook } from '../rules/second-look.ts'
import { readSnapshot } from './read-snapshot.ts'

/** Longer than the second in which a burst and a load look alike. */
export const SECOND_LOOK_MS = 1100

/**
 * The report of what there is. A load that has just begun shows only in the second look whether it goes on; and ports that
 * look as if bind() had picked them may be left of a burst whose other half ended a moment ago: the next connection tells.
 */
export async function readReport(
  source: ProcSource,
  request: ReportRequest,
  signal?: AbortSignal,
): Promise<TimeWaitReport> {
  const earlier = readSnapshot(source)
  const report = timeWaitReport(earlier, request)
  if (!source.mayChange || !needsSecondLook(report)) return report
  await sleep(SECOND_LOOK_MS, undefined, { signal })
  return timeWaitReport(readSnapshot(source), { ...request, earlier })
}
