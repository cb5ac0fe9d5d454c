import { expect, test } from 'vitest'
import { schemaErrors } from '../../../../test/support/schemas.ts'
import { documentPieces } from '../../../terminal/json.ts'
import { finding } from '../../health/rule.ts'
import { healthDocument } from './health-document.ts'

const ORIGIN = { host: 'web1', takenAt: '2026-01-01T00:00:00.000Z', source: 'live' }

test('a finding with hostile names, escaped, and what was not looked at', () => {
  const report = {
    findings: [
      finding('reader-stuck', 'critical', 'does not read', {
        of: [{ owners: [{ process: { pid: 7, args: ['a\xff', 'x'] }, heldBy: 'fd', fds: [3] }] }],
        evidence: ['b\x1b'],
        do: ['look'],
      }),
    ],
    looked: { looks: 2 as const, seconds: 2, sockets: 3, processes: 1 },
    notLooked: [{ what: 'rates', why: 'x', codes: ['udp-receive-drops' as const] }],
  }
  const text = [...documentPieces(healthDocument(ORIGIN, report, { EACCES: 2 }), [])].join('')
  const document = JSON.parse(text) as Record<string, unknown>
  expect(document).toMatchObject({
    schema: 'linsight/socket-health/1',
    findings: [
      {
        code: 'reader-stuck',
        severity: 'critical',
        culprit: { pid: 7, cmdline: 'a\\xff x' },
        finding: 'a\\xff (pid 7) does not read',
        evidence: ['b\\x1b'],
        do: ['look'],
        not: [],
      },
    ],
    looked: { looks: 2, seconds: 2, sockets: 3, processes: 1 },
    notLooked: [{ what: 'rates', why: 'x', codes: ['udp-receive-drops'] }],
    unreadable: { EACCES: 2 },
  })
  expect(schemaErrors('socket-health', document)).toEqual([])
})
