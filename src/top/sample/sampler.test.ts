import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { procOf } from '../../../test/support/fake-proc.ts'
import { dumpOf, recordedDump } from '../../../test/support/socket-dump.ts'
import { INET_ATTRIBUTE } from '../../sockets/diag/decode/inet-facts.ts'
import { INET_MESSAGE_BYTES } from '../../sockets/diag/decode/inet-reader.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from '../../sockets/diag/decode/tcp-info-fields.ts'
import { forEachSocket } from '../../sockets/diag/decode/wire.ts'
import { processRows } from '../rules/process-rows.ts'
import { recordedSampler } from './sampler.ts'

/** A recording of the same connections, each of which has received so many bytes. */
function recording(takenAt: string, received: number) {
  const bytes = Buffer.from(recordedDump('tcp'))
  const { wire } = dumpOf('tcp', bytes)
  forEachSocket(wire, 72, (at, end) => {
    const info = wire.attribute(INET_ATTRIBUTE.info, at + INET_MESSAGE_BYTES, end)
    if (info !== -1) bytes.writeBigUInt64LE(BigInt(received), info + TCP_INFO_FIELDS[tcpInfoPlace('bytesReceived')]!.at)
  })
  return procOf({
    files: { 'diag/tcp': bytes, 'net/sockstat': 'TCP: inuse 5 orphan 0 tw 7 alloc 6 mem 1\n' },
    meta: { host: 'web1', takenAt },
  })
}

const NOTHING = { filter: undefined, timeWait: false }

describe('recordings', () => {
  test('are shown in the order they were taken, with the rates between them', () => {
    const sampler = recordedSampler([recording('2026-11-21T12:00:10Z', 6000), recording('2026-11-21T12:00:00Z', 1000)])
    const first = sampler.look(NOTHING)!
    expect(first).toMatchObject({
      host: 'web1',
      atMs: Date.UTC(2026, 10, 21, 12),
      look: { seconds: undefined, timeWait: 7 },
    })
    expect(sampler.recordings).toEqual({ at: 1, of: 2 })
    const { look } = sampler.look(NOTHING)!
    expect([...look.rows.state]).not.toContain(TCP_STATE.timeWait)
    expect(look.seconds).toBe(10)
    const rates = [...look.rows.received].filter(rate => !Number.isNaN(rate))
    expect(rates.length).toBeGreaterThan(0)
    expect(new Set(rates)).toEqual(new Set([500]))
    expect(look.amounts!.receivedBytes).toBe(5000 * rates.length)
    expect(sampler.look(NOTHING)).toBeUndefined()
    expect(sampler.recordings).toEqual({ at: 2, of: 2 })
  })

  test('their TIME_WAIT is read when it is asked for, also behind the last', () => {
    const sampler = recordedSampler([recording('2026-11-21T12:00:00Z', 1000)])
    const only = sampler.look(NOTHING)!
    expect(only.timeWait).toBeUndefined()
    expect(sampler.withTimeWait(only).timeWait?.totals).toBeDefined()
  })

  test('of nobody known there are rates, too', () => {
    const sampler = recordedSampler([recording('2026-11-21T12:00:00Z', 1000), recording('2026-11-21T12:00:10Z', 6000)])
    sampler.look(NOTHING)
    const rows = processRows(sampler.look(NOTHING)!, 'process')
    expect(rows.find(({ processes }) => processes === 0)!.received).toBeGreaterThan(0)
  })

  test('of /proc alone have sockets without bytes, and say so', () => {
    const sampler = recordedSampler([procOf({ files: { 'net/tcp': '  sl\n' } })])
    expect(sampler.look(NOTHING)).toMatchObject({ without: 'not recorded', look: { amounts: undefined } })
  })
})
