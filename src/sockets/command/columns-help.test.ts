import { expect, test } from 'vitest'
import { SOCKET_COLUMN_NAMES } from '../show/columns.ts'
import { columnsHelp } from './columns-help.ts'

const namesIn = (help: string) => {
  const [, names = ''] = /^COLUMNS\n([^]*?)\n\n/.exec(help) ?? []
  return names.split(/,\s+|^ {2}of \S+ \S+\s+|\n {2}of \S+ \S+\s+/).map(name => name.trim())
}

test('every column is named once', () => {
  const names = namesIn(columnsHelp(100)).filter(name => name !== '')
  expect(names.toSorted()).toEqual([...SOCKET_COLUMN_NAMES].toSorted())
})

test.each([40, 80, 100])('no line is wider than %d', width => {
  const lines = columnsHelp(width).split('\n')
  expect(lines.filter(line => line.length > width)).toEqual([])
})
