import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteInterner } from '../fast/byte-interner.ts'
import { EVENT } from './event.ts'
import { MAX_NAMES, StraceLine } from './line.ts'

function scanned(text: string) {
  const names = new ByteInterner(MAX_NAMES)
  const line = new StraceLine(names)
  const bytes = Buffer.from(text, 'latin1')
  line.scan(bytes, 0, bytes.length)
  return { line, name: () => names.text(line.internName()) }
}

test.each([
  ['read(3) = 0', 'read'],
  ['rt_sigprocmask(SIG_BLOCK) = 0', 'rt_sigprocmask'],
  ['<... clock_nanosleep resumed>NULL) = 0', 'clock_nanosleep'],
  ['syscall_0x3e8(1) = 0', 'syscall_0x3e8'],
  ['_exit(0) = ?', '_exit'],
])('the name of %s is %s', (text, name) => {
  expect(scanned(text).name()).toBe(name)
})

test('a name begins with no digit', () => {
  expect(scanned('3read(3) = 0').line.event).toBe(EVENT.none)
})

test('any bytes can be scanned, and all positions are within the line', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const line = new StraceLine(new ByteInterner(MAX_NAMES))
      const buffer = Buffer.from(bytes)
      line.scan(buffer, 0, buffer.length)
      for (const at of [line.eventFrom, line.nameFrom, line.argsFrom, line.argsTo]) {
        expect(at).toBeGreaterThanOrEqual(0)
        if (line.event === EVENT.call) expect(at).toBeLessThanOrEqual(buffer.length)
      }
    }),
  )
})

test('what a line says does not depend on the line before', () => {
  const texts = [
    '12135 1795175451.794200 read(3</etc/passwd>, "root"..., 4) = 4 <0.001095>',
    '7<a b> close(3) = -1 EBADF (Bad file descriptor)',
    'open("/a") = 3</a>',
    'read(3,  <unfinished ...>',
    'noise',
  ]
  const line = new StraceLine(new ByteInterner(MAX_NAMES))
  const facts = (of: StraceLine) => [of.event, of.tid, of.commFrom, of.clock, of.durationNs, of.descriptorFrom]
  for (const first of texts)
    for (const second of texts) {
      line.scan(Buffer.from(first), 0, first.length)
      line.scan(Buffer.from(second), 0, second.length)
      expect(facts(line)).toEqual(facts(scanned(second).line))
    }
})
