import { describe, expect, test } from 'vitest'
import { StraceLogReader } from './log-reader.ts'

function startsOf(...logs: string[][]) {
  const reader = new StraceLogReader()
  for (const lines of logs) {
    reader.beginInput({})
    reader.push(Buffer.from(`${lines.join('\n')}\n`))
  }
  const { meta, slowest } = reader.end()
  return { meta, at: slowest!.map(({ atNs }) => atNs).sort((a, b) => (a ?? 0) - (b ?? 0)) }
}
const CALL = 'close(3) = 0 <0.1>'

describe('times are nanoseconds since the first line', () => {
  test.each([
    ['epoch', ['1795175451.5', '1795175452.25'], [0, 75e7]],
    ['epoch in seconds', ['1795175451', '1795175453'], [0, 2e9]],
    ['of the day', ['11:50:36.5', '11:50:37'], [0, 5e8]],
    ['of the day, over midnight', ['23:59:59', '00:00:01'], [0, 2e9]],
    ['since the line before', ['     0.000000', '     0.000028', '     1.5'], [0, 28_000, 1_500_028_000]],
  ])('%s', (_, times, at) => {
    expect(startsOf(times.map(time => `${time} ${CALL}`)).at).toEqual(at)
  })

  test('an epoch says when it was, a time of the day does not', () => {
    expect(startsOf([`1795175451.500000 ${CALL}`]).meta.startedAt).toBe('2026-11-20T11:50:51.500Z')
    expect(startsOf([`11:50:36 ${CALL}`]).meta.startedAt).toBeUndefined()
  })

  test('logs of threads are of one time, whichever comes first', () => {
    const { meta } = startsOf([`1795175452.0 ${CALL}`], [`1795175451.0 ${CALL}`, `1795175454.0 ${CALL}`])
    expect([meta.durationNs, meta.startedAt]).toEqual([3e9, '2026-11-20T11:50:51.000Z'])
  })

  test('without times there is no duration', () => {
    expect(startsOf([CALL])).toMatchObject({ meta: { durationNs: undefined }, at: [undefined] })
  })
})
