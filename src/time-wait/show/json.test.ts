import { expect, test } from 'vitest'
import { mini, reportOf, socket } from '../../../test/support/time-wait-recording.ts'
import { timeWaitJson } from './json.ts'

/** A server that has not closed a connection of a client on this host; its name is hostile. */
const LEAK = {
  rows:
    socket('0.0.0.0:80', '0.0.0.0:0', '0A', '7000') +
    socket('192.0.2.1:80', '192.0.2.1:40000', '08', '7001') +
    mini('192.0.2.1:40000', '192.0.2.1:80', 1, '05'),
  links: { '41/fd/3': 'socket:[7000]', '41/fd/4': 'socket:[7001]' },
  files: { '41/comm': 'e\x1b[2Jvil\n' },
}

test('owners, findings and the verdict hold no byte that a terminal would obey', () => {
  const { lists, facts } = timeWaitJson(reportOf(LEAK))
  expect(facts.halfClosed).toMatchObject([{ owners: [{ pid: 41, program: 'e\\x1b[2Jvil' }] }])
  expect(facts.verdict).toMatchObject({ severity: 'warning', sentence: expect.stringContaining('e\\x1b[2Jvil') })
  expect(JSON.stringify({ lists, facts })).not.toContain('\\u001b')
})

test('advice is a list of statements', () => {
  const [advice] = timeWaitJson(reportOf(LEAK)).facts.advice
  expect(Object.keys(advice!).toSorted()).toEqual(['code', 'do', 'evidence', 'finding', 'not', 'severity'])
  expect(advice!.evidence).toEqual(['1 in CLOSE_WAIT', '1 of their other ends wait for it on this host in FIN_WAIT2'])
})

test('--top limits the lists of rows and nothing else', () => {
  const rows = [1, 2, 3].map(i => mini(`198.51.100.7:${40000 + i}`, `192.0.2.${i}:443`, i)).join('')
  const report = reportOf({ rows }, { by: 'remote', whatIf: { asked: 'pool=1', change: { pool: 1 } } })
  const { lists, facts } = timeWaitJson(report, 2)
  expect([lists.tuples, lists.groups, facts.whatIf!.tuples].map(list => list!.length)).toEqual([2, 2, 2])
  expect(facts.totals.timeWait).toBe(3)
})
