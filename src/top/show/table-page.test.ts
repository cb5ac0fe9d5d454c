import { expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { columnsOf, laidOut, longestTexts, orderedRows } from './table-page.ts'
import { VIEW_OF } from './views/all.ts'

const view = VIEW_OF.connections
const names = (grouping: string) => columnsOf(view, grouping).map(({ name }) => name)

test('single connections have ends, groups what they have in common and how many they are', () => {
  expect(names('connection')).toEqual(expect.arrayContaining(['local', 'remote']))
  expect(names('connection')).not.toContain('connections')
  expect(names('port')).toEqual(expect.arrayContaining(['group', 'connections']))
  expect(names('port')).not.toContain('local')
})

test('a column is as wide as its texts, and stays so when they leave', () => {
  const columns = columnsOf(view, 'connection')
  const rowsOf = (local: string) =>
    view.rows({ sample: sampleOf([{ local }]), diagnosis: undefined, grouping: 'connection', only: [] })
  const short = longestTexts(columns, rowsOf('10.0.0.1:80'), {})
  expect(short['local']).toBe('10.0.0.1:80'.length)
  const long = longestTexts(columns, rowsOf('2001:db8:1:2:3:4:5:6:40000'), short)
  expect(longestTexts(columns, rowsOf('10.0.0.1:80'), long)['local']).toBe(long['local'])
  const widthOf = (texts: Record<string, number>) =>
    laidOut(columns, 200, texts).find(({ column }) => column.name === 'local')!.width
  expect([widthOf(short), widthOf(long)]).toEqual([15, '[2001:db8:1:2:3:4:5:6]:40000'.length])
})

test('a column without a text has no room, until it has one', () => {
  const processes = VIEW_OF.processes
  const columns = columnsOf(processes, 'process')
  const textOf = (unit: string | undefined, before: Record<string, number>) => {
    const sample = sampleOf([{ owner: 7 }], { 7: { program: 'nginx', unit } })
    const rows = processes.rows({ sample, diagnosis: undefined, grouping: 'process', only: [] })
    return longestTexts(columns, rows, before)['unit']
  }
  expect(textOf(undefined, {})).toBe(0)
  expect(textOf('a.service', {})).toBe('a.service'.length)
  expect(textOf(undefined, { unit: 9 })).toBe(9)
})

test('a finding is the same one with another number, and another with another port', () => {
  const { keyOf } = VIEW_OF.findings
  const key = (finding: string) => keyOf({ cause: 'accept-queue-full', culprits: [{ pid: 7 }], finding })
  const text = 'does not accept on 127.0.0.1:80: 9 connections wait in a queue of 8, 12.5 % more'
  expect(key(text.replace(' 9 ', ' 12 ').replace('12.5', '9'))).toBe(key(text))
  expect(key(text.replace(':80', ':81'))).not.toBe(key(text))
})

test('without rates those with most sockets come first', () => {
  const sample = sampleOf([{ owner: 7 }, { owner: 8 }, { owner: 8 }, { owner: 9 }], { 7: {}, 8: {}, 9: {} })
  const context = { sample, diagnosis: undefined, grouping: 'process', only: [] }
  const rows = orderedRows(VIEW_OF.processes, context, VIEW_OF.processes.sort)
  expect(rows.map(row => (row as { pid: number }).pid)).toEqual([8, 7, 9])
})

test('rows are made once for what they are made of', () => {
  const context = { sample: sampleOf([{}]), diagnosis: undefined, grouping: 'connection', only: [] }
  const rows = orderedRows(view, context, view.sort)
  expect(orderedRows(view, { ...context }, { ...view.sort })).toBe(rows)
  const others = [
    orderedRows(view, { ...context, sample: { ...context.sample } }, view.sort),
    orderedRows(view, { ...context, grouping: 'port' }, view.sort),
    orderedRows(view, { ...context, only: [{ by: 'port', port: 1 }] }, view.sort),
    orderedRows(view, context, { ...view.sort, descending: false }),
    orderedRows(VIEW_OF.hosts, context, view.sort),
  ]
  for (const other of others) expect(other).not.toBe(rows)
})
