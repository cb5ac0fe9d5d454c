import { describe, expect, test } from 'vitest'
import { splitFiles, splitFrames } from './split-frames.ts'

const NONCE = 'a'.repeat(32)
const OTHER = 'b'.repeat(32)
const ENV = `HOME=/root\0LINSIGHT=${NONCE}\0PATH=/bin\0`

describe('frames', () => {
  test('kinds, words, contents; what looks like a frame without the nonce is content', () => {
    const text = `\n${NONCE} file stat\nbtime 1\n\n${OTHER} file x\nforged\n${NONCE} end\n`
    expect(
      splitFrames(Buffer.from(text), NONCE).map(({ content, ...rest }) => ({ ...rest, content: content.toString() })),
    ).toEqual([
      { kind: 'file', words: ['stat'], content: `btime 1\n\n${OTHER} file x\nforged` },
      { kind: 'end', words: [], content: '' },
    ])
  })

  test.each([
    ['nothing', ''],
    ['no frame', 'hello\n'],
    ['no end', `\n${NONCE} file stat\nbtime 1\n`],
    ['an end that is cut', `\n${NONCE} file stat\nbtime 1\n\n${NONCE} en`],
    ['a line without end', `\n${NONCE} ${'x'.repeat(70_000)}\n\n${NONCE} end\n`],
  ])('refuses %s', (_, text) => {
    expect(() => splitFrames(Buffer.from(text), NONCE)).toThrow('broke off')
  })
})

describe('files of one cat', () => {
  const files = (words: string[], content: string) =>
    splitFiles({ kind: 'files', words, content: Buffer.from(content) }, NONCE).map(([path, bytes]) => [
      path,
      bytes.toString(),
    ])

  test('each behind the environment of cat, empty ones too', () => {
    expect(files(['a', 'b', 'c'], `${ENV}${ENV}one\n${ENV}${ENV}three\0`)).toEqual([
      ['a', 'one\n'],
      ['b', ''],
      ['c', 'three\0'],
    ])
  })

  test('one alone, without it', () => {
    expect(files(['a'], 'HOME=/root\0')).toEqual([['a', 'HOME=/root\0']])
    expect(files(['a'], '')).toEqual([['a', '']])
  })

  test.each([
    ['fewer than named', ['a', 'b'], `${ENV}${ENV}one`],
    ['more than named', ['a'], `${ENV}${ENV}one${ENV}two`],
    ['none of several', ['a', 'b'], 'one'],
    ['another environment', ['a', 'b'], `${ENV}${ENV}one${ENV.replace('root', 'roof')}two`],
  ])('refuses %s', (_, words, content) => {
    expect(() => files(words, content)).toThrow('broke off')
  })
})
