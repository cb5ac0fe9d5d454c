/** Header of a page: time of its first event, and how many bytes of events follow. */
const HEADER_BYTES = 16
const LENGTH_MASK = 0x3fff_ffff

const PADDING = 29
const TIME_EXTEND = 30
const TIME_STAMP = 31

/**
 * Visits the events of one page of per_cpu/cpuN/trace_pipe_raw, of a machine that is little endian: where the record of each
 * begins and ends, and its time, nanoseconds of the clock of the buffer. A page that is cut ends the visit.
 *
 * An event is a word (5 bits type and length, 27 bits nanoseconds since the one before), then its record: types 1 to 28 are
 * so many words; 0 has its length, with its own word, in the next one; 29 is padding, 30 more bits of the time that passed,
 * 31 the time itself.
 *
 * Source: events/header_page and events/header_event of tracefs, Linux include/linux/ring_buffer.h.
 */
export function forEachEvent(page: Buffer, visit: (at: number, end: number, ns: number) => void): void {
  if (page.length < HEADER_BYTES) return
  let ns = Number(page.readBigUInt64LE(0))
  const end = Math.min(page.length, HEADER_BYTES + (page.readUInt32LE(8) & LENGTH_MASK))
  for (let at = HEADER_BYTES; at + 4 <= end;) {
    const word = page.readUInt32LE(at)
    const type = word & 31
    const delta = word >>> 5
    at += 4
    if (type === TIME_EXTEND || type === TIME_STAMP) {
      if (at + 4 > end) return
      const rest = page.readUInt32LE(at) * 2 ** 27 + delta
      ns = type === TIME_EXTEND ? ns + rest : rest
      at += 4
      continue
    }
    ns += delta
    if (type === PADDING) {
      // Without a delta the rest of the page is empty.
      if (delta === 0 || at + 4 > end) return
      at += page.readUInt32LE(at)
      continue
    }
    const bytes = type === 0 ? (at + 4 <= end ? page.readUInt32LE(at) - 4 : 0) : type * 4
    const from = type === 0 ? at + 4 : at
    if (bytes <= 0 || from + bytes > end) return
    visit(from, from + bytes, ns)
    at = from + bytes
  }
}
