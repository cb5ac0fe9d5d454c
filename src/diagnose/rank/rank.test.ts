import { describe, expect, test } from 'vitest'
import type { Severity } from '../../statement.ts'
import type { Cause } from '../causes.ts'
import type { Named } from '../model.ts'
import { accuse } from '../accuse.ts'
import { rank } from './rank.ts'

const process = (pid: number, comm = `app${pid}`): Named => ({ pid, comm })

const finding = (
  cause: Cause,
  culprits: Named[],
  rest: { severity?: Severity; victims?: Named[]; towards?: Named[]; reach?: number } = {},
) => accuse(cause, rest.severity ?? 'critical', 'x', { culprits, measures: [], ...rest })

const order = (findings: Parameters<typeof rank>[0]) =>
  rank(findings).map(({ cause, culprit }) => `${cause} ${culprit?.pid}`)

describe('the order', () => {
  test('failing stands before costing, whatever their reach', () => {
    expect(
      order([
        finding('fsync-storm', [process(1)], { severity: 'warning', reach: 9000 }),
        finding('reader-stuck', [process(2)], { reach: 1 }),
      ]),
    ).toEqual(['reader-stuck 2', 'fsync-storm 1'])
  })

  test('of one severity a root stands before what mostly follows, then the larger reach', () => {
    expect(
      order([
        finding('connection-refused', [process(1)], { reach: 900 }),
        finding('oom-kill', [process(2)]),
        finding('reader-stuck', [process(3)], { reach: 2 }),
        finding('reader-stuck', [process(4)], { reach: 5 }),
      ]),
    ).toEqual(['oom-kill 2', 'reader-stuck 4', 'reader-stuck 3', 'connection-refused 1'])
  })
})

describe('consequences', () => {
  test('who is stopped does not accept either: one finding, with all who suffer', () => {
    const [root, ...others] = rank([
      finding('accept-queue-full', [process(1)], { victims: [process(7)], reach: 9 }),
      finding('stopped-process', [process(1)]),
    ])
    expect(others).toEqual([])
    expect(root).toMatchObject({ cause: 'stopped-process', reach: 10, victims: [process(7)] })
    expect(root!.consequences.map(({ cause }) => cause)).toEqual(['accept-queue-full'])
  })

  test('clients that time out at a listener with a finding are its victims', () => {
    const findings = rank([
      finding('connect-timeout', [process(7), process(8)], { towards: [process(1)] }),
      finding('accept-queue-full', [process(1)]),
    ])
    expect(findings.map(({ cause }) => cause)).toEqual(['accept-queue-full'])
    expect(findings[0]!.victims).toEqual([process(7), process(8)])
  })

  test('two causes of different processes stay two', () => {
    expect(
      order([
        finding('reader-stuck', [process(1)]),
        finding('connect-timeout', [process(2)], { victims: [process(3)] }),
      ]),
    ).toHaveLength(2)
  })

  test('a disk that is full of deleted files: who holds them is the cause', () => {
    const place = '/srv'
    const [root, ...others] = rank([
      accuse('disk-full', 'critical', 'x', { culprits: [process(1)], measures: [], place }),
      accuse('deleted-file-space', 'warning', 'x', { culprits: [process(2)], measures: [], place }),
    ])
    expect(others).toEqual([])
    expect(root).toMatchObject({ cause: 'deleted-file-space', severity: 'critical', culprit: { pid: 2 } })
  })

  test('a thread that spins because it polls is told once', () => {
    expect(
      order([
        finding('cpu-hog', [process(1)], { severity: 'warning' }),
        finding('busy-poll', [process(1)], { severity: 'warning' }),
      ]),
    ).toEqual(['busy-poll 1'])
  })
})

test('the same cause of one program is one finding with several processes', () => {
  const [merged, ...others] = rank([
    finding('blocked-in-kernel', [process(1, 'writer')], { reach: 1 }),
    finding('blocked-in-kernel', [process(2, 'writer')], { reach: 1 }),
  ])
  expect(others).toEqual([])
  expect(merged).toMatchObject({ reach: 2, culprits: [process(1, 'writer'), process(2, 'writer')] })
})

test('the order of the findings that are given does not matter', () => {
  const findings = [
    finding('connect-timeout', [process(7)], { towards: [process(1)] }),
    finding('accept-queue-full', [process(1)], { victims: [process(9)] }),
    finding('fd-exhausted', [process(1)]),
  ]
  expect(order(findings.toReversed())).toEqual(order(findings))
  expect(order(findings)).toEqual(['fd-exhausted 1'])
})
