import { describe, expect, test } from 'vitest'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { procOf } from '../../../test/support/fake-proc.ts'
import { dumpOf, recordedDump } from '../../../test/support/socket-dump.ts'
import { INET_ATTRIBUTE } from '../../sockets/diag/decode/inet-facts.ts'
import { INET_MESSAGE_BYTES } from '../../sockets/diag/decode/inet-reader.ts'
import { TCP_INFO_FIELDS, tcpInfoPlace } from '../../sockets/diag/decode/tcp-info-fields.ts'
import { forEachSocket } from '../../sockets/diag/decode/wire.ts'
import type { Sample } from '../model.ts'
import { processRows } from '../rules/process-rows.ts'
import { recordedSampler } from './recorded-sampler.ts'
import type { Sampler } from './sampler.ts'

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

const whichOf = ({ recordings }: Sampler) => [recordings!.at, recordings!.of]

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
    expect(whichOf(sampler)).toEqual([1, 2])
    const { look } = sampler.look(NOTHING)!
    expect([...look.rows.state]).not.toContain(TCP_STATE.timeWait)
    expect(look.seconds).toBe(10)
    const rates = [...look.rows.received].filter(rate => !Number.isNaN(rate))
    expect(rates.length).toBeGreaterThan(0)
    expect(new Set(rates)).toEqual(new Set([500]))
    expect(look.amounts!.receivedBytes).toBe(5000 * rates.length)
    // What began and ended between two recordings nobody told.
    expect([look.amounts!.opened, look.opened]).toEqual([undefined, undefined])
    expect(sampler.look(NOTHING)).toBeUndefined()
    expect(whichOf(sampler)).toEqual([2, 2])
  })

  test('are stepped through both ways: each with its own rates, file and TIME_WAIT', () => {
    const at = (second: number, received: number) => recording(`2026-11-21T12:00:${second}Z`, received)
    const sampler = recordedSampler([at(10, 1000), at(20, 6000), at(40, 7000)])
    const rateOf = (sample: Sample | undefined) => sample?.look.rows.received.find(rate => !Number.isNaN(rate))
    expect(rateOf(sampler.look(NOTHING))).toBeUndefined()
    expect(rateOf(sampler.recordings!.step(2, NOTHING))).toBe(50)
    expect(sampler.source.meta.takenAt).toBe('2026-11-21T12:00:40Z')
    expect(sampler.look(NOTHING)).toBeUndefined()
    const second = sampler.recordings!.step(-1, { ...NOTHING, timeWait: true })!
    expect([rateOf(second), sampler.source.meta.takenAt]).toEqual([500, '2026-11-21T12:00:20Z'])
    expect(sampler.withTimeWait(second).timeWait).toBe(second.timeWait)
    expect(sampler.recordings!.step(-5, NOTHING)!.timeWait).toBeUndefined()
    expect(sampler.recordings!.step(-1, NOTHING)).toBeUndefined()
    expect(whichOf(sampler)).toEqual([1, 3])
    expect(rateOf(sampler.look(NOTHING))).toBe(500)
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
