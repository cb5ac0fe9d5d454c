import { describe, expect, test } from 'vitest'
import { openSource } from '../../proc/open-source.ts'
import { fixture } from '../../../test/support/paths.ts'
import { addressFilter } from '../../sockets/index.ts'
import { readSnapshot } from '../read/read-snapshot.ts'
import { timeWaitReport } from './report.ts'

const report = async (capture: string, line?: string) => {
  const snapshot = readSnapshot(await openSource(fixture(`timewait/${capture}`), undefined))
  return timeWaitReport(snapshot, { filter: line === undefined ? undefined : addressFilter(line, () => []) })
}

describe('what a filter selects of a report', () => {
  test('destinations, and advice and verdict about them alone; sums stay', async () => {
    const whole = await report('E2-exhausted-1000of1000')
    const { remoteAddress, remotePort } = whole.tuples[0]!
    const same = await report('E2-exhausted-1000of1000', `dst ${remoteAddress} dport = ${remotePort}`)
    expect({ ...same, filter: undefined }).toEqual(whole)
    const other = await report('E2-exhausted-1000of1000', `dst != ${remoteAddress}`)
    expect(other).toMatchObject({ tuples: [], totals: whole.totals, filter: `not dst = ${remoteAddress}` })
    expect(other.verdict).not.toEqual(whole.verdict)
    expect(whole.verdict.severity).toBe('critical')
    expect(other.verdict.severity).not.toBe('critical')
  })

  test('local ports, with the clients that are meant', async () => {
    const { ports } = await report('B1-server-closes-v4-2000')
    const port = ports[0]!
    const [client] = port.remotes
    expect((await report('B1-server-closes-v4-2000', `sport = ${port.port}`)).ports).toEqual(ports)
    expect((await report('B1-server-closes-v4-2000', `sport != ${port.port}`)).ports).toEqual([])
    expect((await report('B1-server-closes-v4-2000', `dst ${client!.address}`)).ports[0]).toMatchObject({
      timeWait: client!.timeWait,
      remotes: [client],
    })
  })
})
