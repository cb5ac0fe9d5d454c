import { systemReason } from '../../errors.ts'
import type { HostChoice } from '../../fleet/index.ts'
import type { Warning } from '../../warnings.ts'
import { diagnose } from '../conclude.ts'
import { seenOn } from '../hosts/host-diagnosis.ts'
import type { Observation } from '../observation.ts'
import { narrowTo } from '../rank/narrow.ts'
import type { DiagnosedHost } from '../show/fleet-diagnosis.ts'
import { DEFAULT_DURATION_MS, type DiagnoseFlags } from './flags.ts'

export interface DiagnosedHosts {
  hosts: DiagnosedHost[]
  /** What was seen on the first host that answered. */
  seen: Observation | undefined
  fleet: { answers: readonly unknown[]; failures: readonly unknown[] }
}

/** How long a host may take beyond the time that it looks. */
const SPARE_MS = 30_000

/** Diagnoses every host: a linsight over there looks itself, else /proc is read twice. */
export async function diagnoseHosts(
  choice: HostChoice,
  flags: DiagnoseFlags,
  remark: (warning: Warning) => void,
): Promise<DiagnosedHosts> {
  const { answeredHostJson, askFleet, silentHostsJson } = await import('../../fleet/index.ts')
  const durationMs = flags.duration ?? DEFAULT_DURATION_MS
  const { timeoutMs = durationMs + SPARE_MS } = choice.options
  const fleet = await askFleet(
    { ...choice, options: { ...choice.options, timeoutMs } },
    { what: 'diagnosis', looks: 2, seconds: Math.max(1, Math.round(durationMs / 1000)), tracing: flags.trace },
    remark,
  )
  const hosts = new Map<string, DiagnosedHost>(silentHostsJson(fleet).map(host => [host.host, { host }]))
  const answers: unknown[] = []
  let first: Observation | undefined
  for (const answer of fleet.answers) {
    const { host } = answer
    try {
      const seen = await seenOn(answer)
      hosts.set(host, { host: answeredHostJson(answer), report: narrowTo(diagnose(seen), seen, flags) })
      first ??= seen
      answers.push(answer)
    } catch (error) {
      const message = `the answer of ${host} is not what was asked for: ${systemReason(error)}`
      remark({ code: 'host-unanswered', message })
      hosts.set(host, { host: { host, answered: false, code: 'not-understood', message } })
    }
  }
  return {
    hosts: choice.hosts.flatMap(host => hosts.get(host) ?? []),
    seen: first,
    fleet: { answers, failures: choice.hosts.slice(answers.length) },
  }
}
