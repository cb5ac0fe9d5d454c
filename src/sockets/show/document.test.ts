import { expect, test } from 'vitest'
import { procOf, tcpRow } from '../../../test/support/fake-proc.ts'
import { look, tcp } from '../../../test/support/look-at-sockets.ts'
import { schemaErrors, streamErrors } from '../../../test/support/schemas.ts'
import { documentLine, documentPieces } from '../../terminal/json.ts'
import { collectSockets } from '../read.ts'
import { socketsDocument, socketsSummaryLine } from './document.ts'

const ORIGIN = { host: 'web1', takenAt: undefined, source: 'live' }
const SOURCE = procOf({
  files: { ...tcp(tcpRow()), '9/cmdline': 'a\0' },
  links: { '9/fd/3': 'socket:[8000]', '9/ns/net': 'net:[1]' },
  errors: { '8/fd': 'EACCES' },
})
const parsed = (report: Parameters<typeof socketsDocument>[1]) =>
  JSON.parse([...documentPieces(socketsDocument(ORIGIN, report, 100), [])].join('')) as Record<string, unknown>

test('the whole document, with what no table lists by name', () => {
  const document = parsed(look(SOURCE, ['tcp'], 'full'))
  expect(document).toMatchObject({
    schema: 'linsight/sockets/1',
    host: 'web1',
    source: 'live',
    sockets: [{ inode: '7000' }],
    unlistedSockets: 1,
    unlisted: [{ inode: '8000', pids: [9], netns: 'net:[1]' }],
    missingTables: [],
    duplicateRows: 0,
    recoveredRows: 0,
    processes: 1,
    unreadable: { EACCES: 1 },
  })
  expect(schemaErrors('sockets', document)).toEqual([])
})

test('it counts only, unless the list is asked for', () => {
  const selection = { all: true, listening: false, ports: [] }
  const document = parsed(collectSockets(SOURCE, { tables: ['tcp'], selection, owners: 'full' }))
  expect(document).toMatchObject({ unlistedSockets: 1 })
  expect(document).not.toHaveProperty('unlisted')
})

test('nothing is said of owners where they were not looked for', () => {
  const selection = { all: true, listening: false, ports: [] }
  const document = parsed(collectSockets(SOURCE, { tables: ['tcp', 'udp'], selection, owners: undefined }))
  expect(document).toMatchObject({ missingTables: [{ table: 'udp', code: 'ENOENT' }], unreadable: {} })
  for (const key of ['unlistedSockets', 'processes']) expect(document).not.toHaveProperty(key)
})

test('a stream has a line a round and ends with its summary', () => {
  const line = documentLine('sockets', socketsDocument(ORIGIN, look(SOURCE, ['tcp'], 'full'), 100), [])
  const warnings = [{ code: 'rows-missing', message: 'a\x9b' }] as const
  const text = line + line + socketsSummaryLine(2, warnings)
  expect(streamErrors('sockets-line', text)).toEqual([])
  expect(JSON.parse(text.split('\n')[2]!)).toEqual({ type: 'summary', rounds: 2, warnings })
  expect(text).not.toContain('\x9b')
})
