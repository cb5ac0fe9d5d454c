import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { filterOf, tryFilter } from '../session/set-filter.ts'
import { selectRows } from './select-rows.ts'

const source = procOf({})
const { look } = sampleOf(
  [{ owner: 7, local: '192.0.2.1:80' }, { owner: 8, local: '192.0.2.1:443' }, { local: '192.0.2.1:443' }],
  { 7: { program: 'nginx' }, 8: { program: 'caddy', unit: 'caddy.service' } },
)

test.each([
  ['sport = :443', [0, 1, 1], 0],
  ['pid 7', [1, 0, 0], 1],
  ['program = caddy', [0, 1, 0], 1],
  ['unit = caddy.service', [0, 1, 0], 2],
  ['sport = :80 or pid 8', [1, 1, 0], 1],
])('%s', async (text, selected, undecided) => {
  const found = selectRows((await filterOf(text, source))!, look)
  expect([[...found.selected], found.undecided]).toEqual([selected, undecided])
})

test('nothing is no filter; what is none is said in one line', async () => {
  expect(await tryFilter(' ', source)).toBeUndefined()
  expect(await tryFilter('pid is', source)).toMatch(/^[^\n]+$/)
})
