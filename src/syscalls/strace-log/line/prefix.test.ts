import { describe, expect, test } from 'vitest'
import { ByteInterner } from '../fast/byte-interner.ts'
import { CLOCK } from './event.ts'
import { MAX_NAMES, StraceLine } from './line.ts'

function prefixOf(text: string) {
  const line = new StraceLine(new ByteInterner(MAX_NAMES))
  const bytes = Buffer.from(text, 'latin1')
  line.scan(bytes, 0, bytes.length)
  const slice = (from: number, to: number) => (from === -1 ? undefined : bytes.toString('latin1', from, to))
  return {
    tid: line.tid,
    comm: slice(line.commFrom, line.commTo),
    clock: line.clock,
    time: line.clock === CLOCK.none ? undefined : slice(line.timeFrom, line.timeTo),
    event: slice(line.eventFrom, bytes.length),
  }
}

const NOTHING = { tid: -1, comm: undefined, clock: CLOCK.none, time: undefined }

describe('what stands before the event of a line', () => {
  test.each([
    ['close(3) = 0', NOTHING],
    ['12135 1795175451.794200 close(3) = 0', { ...NOTHING, tid: 12135, clock: CLOCK.epoch, time: '1795175451.794200' }],
    ['12135 close(3) = 0', { ...NOTHING, tid: 12135 }],
    ['[pid 77] close(3) = 0', { ...NOTHING, tid: 77 }],
    ['[pid    77] 11:50:36 close(3) = 0', { ...NOTHING, tid: 77, clock: CLOCK.day, time: '11:50:36' }],
    [
      '7<a> b> 11:50:36.425533 close(3) = 0',
      { ...NOTHING, tid: 7, comm: 'a> b', clock: CLOCK.day, time: '11:50:36.425533' },
    ],
    ['     0.000028 close(3) = 0', { ...NOTHING, clock: CLOCK.relative, time: '0.000028' }],
    ['7 11:50:36 (+     0.000028) close(3) = 0', { ...NOTHING, tid: 7, clock: CLOCK.day, time: '11:50:36' }],
    ['[00007f1b3a8d8d57] close(3) = 0', NOTHING],
    ['[   3] close(3) = 0', NOTHING],
    // Whole seconds are more than any pid.
    ['1795175451 close(3) = 0', { ...NOTHING, clock: CLOCK.epoch, time: '1795175451' }],
  ])('%s', (text, expected) => {
    expect(prefixOf(text)).toEqual({ ...expected, event: 'close(3) = 0' })
  })

  test.each(['', '7', '7x close(3)', '[pid x] close(3)'])('%s has no event', text => {
    expect(prefixOf(text).event).toBe('')
  })
})
