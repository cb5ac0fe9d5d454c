import type { DiagnosisReport, Finding } from './model.ts'
import type { Observation } from './observation.ts'
import { rank } from './rank/rank.ts'
import { RULES } from './rules/all.ts'
import { Scene } from './scene.ts'

/** What the rules say of what was seen, before it is ordered. */
export function findAll(seen: Observation, scene: Scene = new Scene(seen)): Finding[] {
  const twoLooks = seen.durationMs > 0
  return RULES.filter(({ looks }) => twoLooks || looks === 1).flatMap(rule => rule.find(scene))
}

/** The diagnosis of what was seen. */
export function diagnose(seen: Observation): DiagnosisReport {
  const ranked = rank(findAll(seen, undescribed.get(seen)))
  undescribed.delete(seen)
  const findings = ranked.filter(({ severity }) => severity === 'critical' || severity === 'warning')
  return {
    verdict: findings.some(({ severity }) => severity === 'critical')
      ? 'critical'
      : findings.length > 0
        ? 'warning'
        : 'nothing-found',
    durationMs: seen.durationMs,
    findings,
    notes: ranked.filter(finding => !findings.includes(finding)),
    looked: {
      processes: seen.processes.filter(({ isKernelThread }) => !isKernelThread).length,
      sockets: seen.namespaces.reduce((sum, { a, b }) => sum + total((b ?? a).states) + (b ?? a).udp.length, 0),
      namespaces: seen.namespaces.length,
      failedCalls: seen.trace && seen.trace.failures.reduce((sum, { count }) => sum + count, 0),
      tracing: seen.trace !== undefined,
    },
    notLooked: seen.notLooked,
    unreadable: seen.unreadable,
  }
}

const total = (states: Readonly<Record<string, number>>) => Object.values(states).reduce((sum, count) => sum + count, 0)

/** What was gone through to know who is to be described: sockets need not be joined with their owners once more. */
const undescribed = new WeakMap<Observation, Scene>()

/** Pids that are to be described before the diagnosis: of everybody whom a finding names. */
export function pidsToDescribe(seen: Observation): number[] {
  const scene = new Scene(seen)
  undescribed.set(seen, scene)
  const pids = new Set<number>()
  for (const { culprits, victims } of findAll(seen, scene))
    for (const { pid } of [...culprits.slice(0, 8), ...victims.slice(0, 8)]) if (pid !== undefined) pids.add(pid)
  return [...pids]
}
