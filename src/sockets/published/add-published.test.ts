import { describe, expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { fixture } from '../../../test/support/paths.ts'
import { openSource } from '../../proc/open-source.ts'
import { collectSockets } from '../read.ts'
import { socketJson } from '../show/socket-json.ts'
import { stateText } from '../show/cell-text.ts'
import { addPublished, publishedWarnings } from './add-published.ts'

const request = (ports: number[]) => ({
  tables: ['tcp', 'tcp6'] as const,
  selection: { all: false, listening: true, ports },
  owners: 'name' as const,
})

test('a port that only a rule takes is a row in the state DNAT', async () => {
  const source = await openSource(fixture('firewall/published.snap.json'), undefined)
  const report = collectSockets(source, request([8080]))
  expect(report.sockets).toEqual([])
  expect(await addPublished(source, report, request([8080]))).toEqual([])
  expect(report.sockets.map(socket => stateText(socket))).toEqual(['DNAT'])
  expect(socketJson(report.sockets[0]!, 100)).toMatchObject({
    state: 'DNAT',
    localPort: 8080,
    withoutSocket: true,
    leadsTo: [{ to: { address: '172.18.0.2', port: 80 }, answers: [{ label: 'web' }] }],
  })
})

describe('what may be missing', () => {
  const gap = { reason: 'denied', message: 'the firewall could not be read (root)' } as const
  const live = { ...procOf({}), isThisMachine: true }

  test('is said with what helps', () => {
    expect(publishedWarnings(live, { ports: [], gaps: [gap], warnings: [] })).toEqual([
      {
        code: 'firewall-unread',
        message: 'ports that the firewall publishes may be missing: the firewall could not be read (root)',
        hint: 'run it with sudo',
      },
    ])
  })

  test('of a recording without rules only where it was asked for', () => {
    const old = { reason: 'not-recorded', message: 'the recording holds no firewall rules' } as const
    const report = { ports: [], gaps: [old], warnings: [] }
    expect(publishedWarnings(procOf({}), report)).toEqual([])
    expect(publishedWarnings(procOf({}), report, true)).toHaveLength(1)
  })
})
