import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyEntries } from './recorded-proc.ts'
import { parseSnapshot, snapshotText } from './snapshot-format.ts'

const byteString = fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes).toString('latin1'))
const path = fc.oneof(fc.constantFrom('__proto__', 'net/tcp', '17', '1/fd/3', 'constructor'), byteString)
const content = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
)

describe('the text of a snapshot', () => {
  test('gives back what was recorded, byte for byte', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(path, content)),
        fc.array(fc.tuple(path, byteString)),
        fc.array(fc.tuple(path, fc.constantFrom('EACCES', 'EPERM'))),
        (files, links, errors) => {
          const entries = emptyEntries()
          for (const [name, bytes] of files) entries.files.set(name, Buffer.from(bytes))
          for (const [name, target] of links) entries.links.set(name, target)
          for (const [name, code] of errors) entries.errors.set(name, code)
          const text = [...snapshotText({ host: 'a', endian: 'big' }, entries)].join('')
          const { meta, entries: back } = parseSnapshot(text, 'test')
          expect(meta).toEqual({ host: 'a', endian: 'big' })
          expect(new Map(back.files)).toEqual(entries.files)
          expect(new Map(back.links)).toEqual(entries.links)
          expect(new Map(back.errors)).toEqual(entries.errors)
        },
      ),
    )
  })

  test('has one entry a line', () => {
    const entries = emptyEntries()
    entries.files.set('net/tcp', Buffer.from('a\nb\n'))
    entries.files.set('1/comm', Buffer.from('\xff', 'latin1'))
    entries.links.set('1/exe', '/bin/sh')
    expect([...snapshotText({ host: 'a' }, entries)].join('').split('\n')).toEqual([
      '{"schema":"linsight/snapshot/1",',
      '"meta":{"host":"a"},',
      '"files":{',
      String.raw`"net/tcp":"a\nb\n",`,
      '"1/comm":{"base64":"/w=="}',
      '},',
      '"links":{',
      '"1/exe":"/bin/sh"',
      '},',
      '"errors":{',
      '}',
      '}',
      '',
    ])
  })
})
