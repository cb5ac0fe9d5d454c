import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { filterOf } from '../session/set-filter.ts'
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
  const found = selectRows((await filterOf(text, source)).filter!, look, source)
  expect([[...found.selected], found.undecided]).toEqual([selected, undecided])
})

test('what a look does not read of a process is read for a filter', async () => {
  const worker = { pid: 9, startTicks: 50, program: 'worker.py' }
  const of = async (text: string, startTicks = 50) => {
    const stat = `9 (python3) S ${'1 '.repeat(18)}${startTicks} 0\n`
    const files = { '9/stat': stat, '9/cmdline': '/opt/worker.py\0--all\0', '9/cgroup': '0::/\n' }
    const process = procOf({ files, links: { '9/exe': '/usr/bin/python3' } })
    const { look } = sampleOf([{ owner: 9 }], { 9: { ...worker } })
    const found = selectRows((await filterOf(text, process)).filter!, look, process)
    return found.undecided === 1 ? 'unknown' : found.selected[0]
  }
  expect(await of('comm = python3')).toBe(1)
  expect(await of('comm = worker.py')).toBe(0)
  expect(await of('program = worker.py')).toBe(1)
  expect(await of('cmdline ~ *--all')).toBe(1)
  expect(await of('exe = /usr/bin/python3')).toBe(1)
  expect(await of('unit = x.service')).toBe(0)
  // Another process has its pid by now.
  expect(await of('comm = python3', 51)).toBe('unknown')
  expect(await of('program = worker.py', 51)).toBe(1)
})
