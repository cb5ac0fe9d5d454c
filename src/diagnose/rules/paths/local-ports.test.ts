import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../../../../test/support/paths.ts'
import type { Observation } from '../../observation.ts'
import { parseObservation } from '../../recording.ts'
import { Scene } from '../../scene.ts'
import { statement, type Severity } from '../../../statement.ts'
import { portsExhausted } from './local-ports.ts'

const read = (name: string): Observation =>
  parseObservation(readFileSync(fixture(`diagnose/${name}.diag.json`), 'utf8'), name)

/** A machine of which tw-stats said so. */
function pressed(name: string, code: string, severity: Severity): Observation {
  const seen = read(name)
  const owner = seen.processes.find(({ pid, isKernelThread }) => !isKernelThread && !seen.observers.includes(pid))
  for (const place of seen.namespaces)
    place.localPorts = {
      remote: '192.0.2.9',
      remotePort: 443,
      taken: 256,
      capacity: 256,
      owners: [owner!.pid],
      advice: [
        statement(code, severity, 'every local port is taken', { evidence: ['256 held'], do: ['a pool'], not: ['x'] }),
      ],
    }
  seen.namespaces = seen.namespaces.slice(0, 1)
  return seen
}

const told = (seen: Observation) => portsExhausted(new Scene(seen))

test('without a failure the ports themselves tell, and before one', () => {
  expect(told(pressed('h-idle', 'ports-held-open', 'critical'))).toMatchObject([
    {
      severity: 'critical',
      finding: 'takes the local ports towards 192.0.2.9:443: none is left',
      do: ['a pool'],
      not: ['x'],
    },
  ])
  expect(told(pressed('h-idle', 'ports-run-out', 'critical'))).toMatchObject([
    { severity: 'warning', finding: 'takes the local ports towards 192.0.2.9:443: they run out' },
  ])
})

test('what tw-stats says stands beside what failed, once', () => {
  const seen = read('timewait-exhaustion')
  const [plain, ...others] = told(seen)
  expect(others).toEqual([])
  const place = seen.namespaces.find(({ netns }) => netns === plain!.culprit!.netns)!
  place.localPorts = pressed('h-idle', 'ports-exhausted', 'critical').namespaces[0]!.localPorts
  const [finding, ...more] = told(seen)
  expect(more).toEqual([])
  expect(finding!.evidence).toEqual([...plain!.evidence, '256 held'])
  expect(finding!.do).toEqual(['a pool', ...plain!.do])
})

test('silent: tw-stats has no advice', () => {
  const seen = pressed('h-idle', 'ports-exhausted', 'critical')
  seen.namespaces[0]!.localPorts!.advice = []
  expect(told(seen)).toEqual([])
})
