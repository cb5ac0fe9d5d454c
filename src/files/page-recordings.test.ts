import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  isPage,
  orPageRecording,
  PAGE_MARK,
  pageRecordings,
  recordingElement,
  recordingOfPage,
} from './page-recordings.ts'

const page = (...elements: string[]) => Buffer.from(`${PAGE_MARK}\n<html>${elements.join('')}</html>`)
const element = (kind: Parameters<typeof recordingElement>[0], text: string) => recordingElement(kind, gzipSync(text))
const two = page(element('diagnosis', '</script>'), element('trace', 'rows'), element('trace', 'more rows'))

test('recordings come back as they were, of any bytes', () => {
  expect([...pageRecordings(two, 'x')].map(({ kind, bytes }) => [kind, bytes.toString()])).toEqual([
    ['diagnosis', '</script>'],
    ['trace', 'rows'],
    ['trace', 'more rows'],
  ])
  expect(recordingOfPage(two, 'trace', 'x').toString()).toBe('rows')
})

test.each([
  [two, true],
  [Buffer.from('<!doctype html><html>'), false],
  [Buffer.from('{"schema":'), false],
  [Buffer.alloc(0), false],
])('%s is a page: %s', (bytes, is) => expect(isPage(bytes)).toBe(is))

describe('where the recording is not there', () => {
  test.each([
    ['others are', two, 'the report x holds no snapshot, only a recorded diagnosis and a recording of a bpf run'],
    ['none is', page(), 'the report x holds no snapshot'],
    ['it is of a kind that nobody knows', page(element('other' as 'trace', 'x')), 'the report x holds no snapshot'],
    [
      'it is cut short',
      page(element('snapshot', 'a'.repeat(99)).replace(/.{12}</, '<')),
      'the report x is damaged: a recording in it is not whole',
    ],
    [
      'it was changed, and another of its kind follows',
      page(element('snapshot', 'a').replace('H4sI', '!!!!'), element('snapshot', 'b')),
      'the report x is damaged: a recording in it is not whole',
    ],
    ['the page ends before it', two.subarray(0, -8), 'the report x is cut short: recordings may be missing'],
    [
      'three others are',
      page(element('diagnosis', 'a'), element('profile', 'b'), element('trace', 'c')),
      'only a recorded diagnosis, a profile of system calls and a recording of a bpf run',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => recordingOfPage(bytes, 'snapshot', 'x')).toThrow(message)
  })
})

test('a stream of a page is that of its recording; any other passes through', async () => {
  const through = async (...chunks: Buffer[]) => {
    const stream = (async function* () {
      yield* chunks
    })()
    const found: string[] = []
    for await (const chunk of orPageRecording(stream, 'trace', 'x')) found.push(chunk.toString())
    return found
  }
  expect(await through(two.subarray(0, 99), two.subarray(99))).toEqual(['rows'])
  expect(await through(Buffer.from('a'), Buffer.from(PAGE_MARK))).toEqual(['a', PAGE_MARK])
  expect(await through()).toEqual([])
})
