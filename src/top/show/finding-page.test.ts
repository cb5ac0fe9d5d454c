import { expect, test } from 'vitest'
import type { Finding } from '../../diagnose/model.ts'
import { findingLines } from './finding-page.ts'

test('a finding with all it rests on, escaped, within the width', () => {
  const finding = {
    severity: 'warning',
    finding: 'does not read\x1b',
    culprits: [{ pid: 7, comm: 'web worker', unit: 'web.service', cmdline: '/bin/web -x' }],
    evidence: ['first', 'second'],
    victims: [{ comm: 'client' }],
    consequences: [{ finding: 'others wait' }],
    doing: 'asleep',
    do: ['restart it'],
    not: ['a larger buffer'],
    more: 'mynetstat -antp',
  } as unknown as Finding
  expect(findingLines(finding, 60)).toEqual([
    'warning  does not read\\x1b',
    "who      'web worker' 7 in web.service: /bin/web -x",
    'because  first',
    '         second',
    'suffers  client',
    'it is    asleep',
    'so       others wait',
    'do       restart it',
    'not      a larger buffer',
    'see      mynetstat -antp',
  ])
  expect(Math.max(...findingLines(finding, 30).map(line => line.length))).toBeLessThanOrEqual(30)
})
