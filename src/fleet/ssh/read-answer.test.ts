import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ArrivingAnswer } from './read-answer.ts'

const NONCE = 'a'.repeat(32)
const hello = (rest: string) => Buffer.from(`linsight-frames/1 ${NONCE} ${rest}\n`)

describe('an answer that arrives', () => {
  test('in pieces, behind a banner', async () => {
    const answer = new ArrivingAnswer(NONCE, 1e6)
    const whole = Buffer.concat([
      Buffer.from('Welcome\nlinsight-frames/1 x gzip\n'),
      hello('gzip 17'),
      gzipSync('body'),
    ])
    for (const [at, byte] of whole.entries()) expect(answer.push(Buffer.of(byte), at)).toBeUndefined()
    expect(answer.greeting).toEqual({ form: 'gzip', detail: '17' })
    expect(answer.beganAtMs).toBe(whole.indexOf(hello('gzip 17')) + hello('gzip 17').length - 1)
    expect((await answer.body(1000)).toString()).toBe('body')
  })

  test('plain, keeps the line feed of the first frame', async () => {
    const answer = new ArrivingAnswer(NONCE, 1e6)
    answer.push(Buffer.concat([hello('plain 17'), Buffer.from('\nx')]), 0)
    expect((await answer.body(1000)).toString()).toBe('\nx')
  })

  test.each([
    ['no greeting in 64 KiB', Buffer.alloc(70_000, 'x'), 'not-understood'],
    [
      'the greeting of another',
      Buffer.concat([Buffer.from('linsight-frames/1 b plain 0\n'), Buffer.alloc(70_000)]),
      'not-understood',
    ],
    ['more than is taken', Buffer.concat([hello('plain 0'), Buffer.alloc(90_000)]), 'too-large'],
  ])('%s', (_, bytes, why) => {
    expect(new ArrivingAnswer(NONCE, 80_000).push(bytes, 0)).toBe(why)
  })

  test.each([
    ['unpacks to more', Buffer.concat([hello('gzip 0'), gzipSync(Buffer.alloc(2000))]), RangeError],
    ['is more', Buffer.concat([hello('plain 0'), Buffer.alloc(2000)]), RangeError],
    ['is not packed', Buffer.concat([hello('gzip 0'), Buffer.from('no')]), Error],
  ])('%s', async (_, bytes, error) => {
    const answer = new ArrivingAnswer(NONCE, 1e6)
    answer.push(bytes, 0)
    await expect(answer.body(1000)).rejects.toThrow(error)
  })
})
