import { expect, test } from 'vitest'
import type { InputParts } from './inputs/parts.ts'
import { buildReport } from './build-report.ts'

const part = (name: string, host: string | undefined, connections: number): InputParts => ({
  input: { name, kind: 'snapshot', host, about: '' },
  findings: [
    { severity: 'warning', code: 'x', finding: name, evidence: [], do: [], not: [], consequences: [], by: 'tw-stats' },
  ],
  timeWait: [{ severity: 'ok', sentence: '', timeWait: 1, perSecond: [], tuples: [] }],
  peers: [{ address: '10.0.0.1', connections, states: {}, services: [], programs: [] }],
  sockets: [],
  recording: { kind: 'snapshot', bytes: [] },
})

test('what several machines say is told apart, by file where a recording does not name its machine', () => {
  const facts = { madeAt: '', version: '', redacted: false }
  const { findings, timeWait, peers } = buildReport([part('a.json', 'web1', 2), part('b.json', undefined, 9)], facts)
  expect(findings.map(({ host }) => host)).toEqual(['web1', 'b.json'])
  expect(timeWait.map(({ host }) => host)).toEqual(['web1', 'b.json'])
  // Most connections first, whoever has them.
  expect(peers.map(({ host, connections }) => [host, connections])).toEqual([
    ['b.json', 9],
    ['web1', 2],
  ])
})

test('what a diagnosis saw for seconds stands in place of what one look at the same time said', () => {
  const at = (kind: 'snapshot' | 'diagnosis', host: string, takenAt: string, finding: string): InputParts => ({
    input: { name: '', kind, host, takenAt, about: '' },
    findings: [
      { severity: 'info', code: 'x', finding, evidence: [], do: [], not: [], consequences: [], by: 'diagnose' },
      { severity: 'ok', code: 'y', finding, evidence: [], do: [], not: [], consequences: [], by: 'tw-stats' },
    ],
    notLooked: [{ what: finding, why: '' }],
    recording: { kind, bytes: [] },
  })
  const { findings, notLooked } = buildReport(
    [
      at('diagnosis', 'web1', '2026-11-21T14:00:00Z', 'long'),
      at('snapshot', 'web1', '2026-11-21T14:00:06Z', 'short'),
      at('snapshot', 'web2', '2026-11-21T14:00:06Z', 'elsewhere'),
      at('snapshot', 'web1', '2026-11-21T14:05:00Z', 'later'),
    ],
    { madeAt: '', version: '', redacted: false },
  )
  expect(findings.map(({ finding }) => finding)).toEqual(['long', 'elsewhere', 'later'])
  expect(notLooked.map(({ what }) => what)).toEqual(['long', 'elsewhere', 'later'])
})
