import { expect, test } from 'vitest'
import { emptyEntries } from '../../proc/recorded-proc.ts'
import { documentPieces } from '../../terminal/json.ts'
import { entryDocument, savedDocument, summaryDocument } from './document.ts'

const origin = { host: 'web1', takenAt: undefined, source: 'live' }
const json = (document: Parameters<typeof documentPieces>[0]) =>
  JSON.parse([...documentPieces(document, [])].join('')) as unknown

test('what was saved, and how much could not be read', () => {
  const entries = emptyEntries()
  entries.errors.set('1/fd', 'EACCES')
  const recording = { meta: {}, entries, processes: 3, vanished: 1, otherNamespaces: ['9', '10'] }
  expect(json(savedDocument(origin, recording, 'a.snap.json', 500))).toEqual({
    schema: 'linsight/snapshot-saved/1',
    host: 'web1',
    source: 'live',
    file: 'a.snap.json',
    bytes: 500,
    processes: 3,
    vanished: 1,
    otherNamespaces: 2,
    warnings: [],
    unreadable: { files: 1 },
  })
})

test('a summary names no users', () => {
  const meta = { host: 'web1', kernel: '6.1', users: { 1000: 'alice' } }
  const namespaces = [{ netns: 'net:[1]', folder: 'net', sockets: { tcp: 2 } }]
  const summary = { processes: 1, files: 2, links: 3, namespaces, unreadable: new Map([['EACCES', ['1/fd']]]) }
  expect(json(summaryDocument(origin, meta, summary))).toEqual({
    schema: 'linsight/snapshot-summary/1',
    host: 'web1',
    source: 'live',
    namespaces,
    kernel: '6.1',
    processes: 1,
    files: 2,
    links: 3,
    warnings: [],
    unreadable: { EACCES: ['1/fd'] },
  })
})

test.each([
  ['text as it is', Buffer.from('ä\n'), { text: 'ä\n' }],
  ['other bytes whole', Buffer.from([0x61, 0xff]), { base64: 'Yf8=' }],
])('an entry: %s', (_, bytes, content) => {
  expect(json(entryDocument(origin, 'net/tcp', { kind: 'file', bytes }))).toMatchObject({
    path: 'net/tcp',
    kind: 'file',
    ...content,
  })
})
