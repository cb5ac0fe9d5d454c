import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { filterOf, tryFilter } from './set-filter.ts'

const source = procOf({})

test('nothing is no filter; what is none is said in one line', async () => {
  expect(await tryFilter(' ', source)).toEqual({ text: '', filter: undefined })
  expect(await tryFilter('pid is', source)).toMatch(/^[^\n]+$/)
})

test.each([
  ['8080', '8080'],
  ['nginx', 'program ~ *nginx*'],
  [' web_1 ', 'program ~ *web_1*'],
  ['10.0.0.1', 'src 10.0.0.1 or dst 10.0.0.1'],
  ['10.0.0.0/8', 'src 10.0.0.0/8 or dst 10.0.0.0/8'],
  ['fd00::1', 'src fd00::1 or dst fd00::1'],
  ['sport = :80', 'sport = :80'],
])('%s is read as %s', async (text, read) => {
  const found = await filterOf(text, source)
  expect([found.text, found.filter === undefined]).toEqual([read, false])
})

test.each(['dport', 'established', 'pi', 'foo = 3', '$(id)'])('%s is none', async text => {
  expect(await tryFilter(text, source)).toBeTypeOf('string')
})

test('names are not looked up while they are being typed', async () => {
  expect(await tryFilter('dst web1.example', source, true)).toBe('web1.example is looked up when you press Enter')
  expect(await tryFilter('dst 192.0.2.1', source, true)).toMatchObject({ text: 'dst 192.0.2.1' })
})
