import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { recordingsOf } from './recordings.ts'

test('of this machine every operand is of the filter', () => {
  expect(recordingsOf(undefined, ['sport', '=', 'x.snap.json'])).toEqual({
    from: undefined,
    words: ['sport', '=', 'x.snap.json'],
  })
})

test('what a shell makes of --from *.snap.json.gz is recordings, and the rest a filter', () => {
  const operands = ['b.snap.json.gz', 'sport', '=', ':80', 'c.snap.json']
  expect(recordingsOf(['a.snap.json.gz'], operands)).toEqual({
    from: ['a.snap.json.gz', 'b.snap.json.gz', 'c.snap.json'],
    words: ['sport', '=', ':80'],
  })
})

test('a folder stands for the recordings in it, one shaped like /proc for itself', () => {
  const folder = temporaryFolder()
  const proc = join(folder, 'proc')
  mkdirSync(join(proc, 'net'), { recursive: true })
  for (const name of ['1.snap.json.gz', '2.snap.json', 'notes.txt']) writeFileSync(join(folder, name), '')
  expect(recordingsOf([folder, proc, '-'], []).from!.toSorted()).toEqual(
    [join(folder, '1.snap.json.gz'), join(folder, '2.snap.json'), proc, '-'].toSorted(),
  )
})
