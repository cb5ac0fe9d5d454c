import { expect, test } from 'vitest'
import type { DiagnosisReport } from '../model.ts'
import type { Observation } from '../observation.ts'
import { accuse } from '../accuse.ts'
import { narrowTo } from './narrow.ts'

const seen = {
  processes: [
    { pid: 1, described: { unit: 'web.service', cgroup: '/system.slice/web.service', container: undefined } },
    { pid: 2, described: { container: 'abcdef0123456789', cgroup: '/docker/abcdef0123456789' } },
    { pid: 3 },
  ],
} as unknown as Observation

const report = {
  verdict: 'critical',
  findings: [
    accuse('reader-stuck', 'critical', 'x', { culprits: [{ pid: 1 }], victims: [{ pid: 3 }], measures: [] }),
    accuse('fsync-storm', 'warning', 'x', { culprits: [{ pid: 2 }], measures: [] }),
  ],
  notes: [],
} as unknown as DiagnosisReport

test.each([
  [{}, ['reader-stuck', 'fsync-storm'], 'critical'],
  [{ pid: 1 }, ['reader-stuck'], 'critical'],
  // Who suffers is asked for as well.
  [{ pid: 3 }, ['reader-stuck'], 'critical'],
  [{ pid: 9 }, [], 'nothing-found'],
  [{ unit: 'web' }, ['reader-stuck'], 'critical'],
  [{ container: 'abcdef' }, ['fsync-storm'], 'warning'],
  [{ cgroup: '/docker' }, ['fsync-storm'], 'warning'],
  [{ cgroup: '/dock' }, [], 'nothing-found'],
])('%j', (scope, causes, verdict) => {
  const narrowed = narrowTo(report, seen, scope)
  expect(narrowed.findings.map(({ cause }) => cause)).toEqual(causes)
  expect(narrowed.verdict).toBe(verdict)
})
