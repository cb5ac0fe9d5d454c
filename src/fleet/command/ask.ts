import { stderrProgress } from '../../cli/print-remark.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { EXIT } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Warning } from '../../warnings.ts'
import { askHosts, type FleetQuestion } from '../ask-hosts.ts'
import type { Fleet } from '../model.ts'
import { hostError } from '../open-host.ts'
import { instantWarnings } from '../rules/instants.ts'
import type { HostChoice } from './host-choice.ts'

/** Asks all hosts, with progress on stderr. A first Ctrl-C ends it: what has been answered by then counts. */
export async function askFleet(
  { hosts, options }: HostChoice,
  question: FleetQuestion,
  remark: (warning: Warning) => void,
): Promise<Fleet> {
  const { signal, done } = untilSignal()
  const fleet = await askHosts(hosts, question, { ...options, signal }, stderrProgress('hosts')).finally(done)
  for (const { message, hint } of fleet.failures) remark({ code: 'host-unanswered', message, hint })
  for (const { host, sources } of fleet.answers)
    for (const warning of sources.at(-1)?.remarks ?? []) remark({ ...warning, message: `${host}: ${warning.message}` })
  for (const warning of instantWarnings(fleet.answers)) remark(warning)
  return fleet
}

/** The recording of the only host; the error of that host where it gave none. */
export async function askOne(
  choice: HostChoice,
  host: string,
  remark: (warning: Warning) => void,
): Promise<ProcSource> {
  const fleet = await askFleet({ ...choice, hosts: [host] }, {}, () => {})
  const [answer] = fleet.answers
  if (answer === undefined) throw hostError(fleet.failures[0]!)
  for (const warning of [...(answer.sources[0]!.remarks ?? []), ...instantWarnings(fleet.answers)]) remark(warning)
  return answer.sources[0]!
}

/** Status 1 where some hosts gave no answer, 3 where none did; an interrupted run keeps 128+n. */
export function judgeFleet({ answers, failures }: Record<'answers' | 'failures', readonly unknown[]>): void {
  if (failures.length > 0) process.exitCode ||= answers.length > 0 ? EXIT.no : EXIT.machine
}
