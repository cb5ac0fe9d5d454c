import { setTimeout as sleep } from 'node:timers/promises'
import type { HostChoice } from '../../fleet/index.ts'
import { withDumps } from '../../sockets/index.ts'
import type { Warning } from '../../warnings.ts'
import type { TimeWaitReport } from '../model.ts'
import { SECOND_LOOK_MS } from '../read/read-report.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import type { TimeWaitSnapshot } from '../read/snapshot.ts'
import { timeWaitReport } from '../rules/report.ts'
import { needsSecondLook } from '../rules/second-look.ts'
import type { TimeWaitHost } from '../show/fleet-json.ts'
import type { Request } from './flags.ts'

interface Looked {
  host: string
  snapshot: TimeWaitSnapshot
  report: TimeWaitReport
}

/** Reports of all hosts, in their order; who leaves open what a second look tells is asked once more. */
export async function reportsOfHosts(
  choice: HostChoice,
  { report: request }: Request,
  remark: (warning: Warning) => void,
): Promise<{ hosts: TimeWaitHost[]; fleet: { answers: unknown[]; failures: unknown[] } }> {
  const { answeredHostJson, askFleet, silentHostsJson } = await import('../../fleet/index.ts')
  const fleet = await askFleet(choice, {}, remark)
  const looked = new Map<string, Looked>()
  for (const { host, sources } of fleet.answers) {
    const snapshot = readSnapshot(await withDumps(sources[0]!))
    looked.set(host, { host, snapshot, report: timeWaitReport(snapshot, request) })
  }
  const open = [...looked.values()].filter(({ report }) => needsSecondLook(report)).map(({ host }) => host)
  if (open.length > 0 && process.exitCode === undefined) {
    await sleep(SECOND_LOOK_MS)
    const again = await askFleet({ ...choice, hosts: open }, {}, () => {})
    for (const { host, sources } of again.answers) {
      const report = timeWaitReport(readSnapshot(await withDumps(sources[0]!)), {
        ...request,
        earlier: looked.get(host)!.snapshot,
      })
      looked.set(host, { ...looked.get(host)!, report })
    }
  }
  for (const { host, report } of looked.values())
    for (const warning of report.warnings) remark({ ...warning, message: `${host}: ${warning.message}` })
  const hosts = new Map<string, TimeWaitHost>()
  for (const answer of fleet.answers)
    hosts.set(answer.host, { host: answeredHostJson(answer), report: looked.get(answer.host)!.report })
  for (const silent of silentHostsJson(fleet)) hosts.set(silent.host, { host: silent })
  return { hosts: choice.hosts.flatMap(host => hosts.get(host) ?? []), fleet }
}
