import { expect, test } from 'vitest'
import { procOf } from '../../../test/support/fake-proc.ts'
import { needs } from '../../../test/support/needs.ts'
import type { Observation } from '../observation.ts'
import { describeLive } from './describe-live.ts'

const stat = (pid: number, state: string) =>
  `${pid} (app) ${state} 1 ${pid} ${pid} 0 -1 0 9 0 2 0 5 1 0 0 20 0 3 0 100 0 250 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 42 0 0\n`

/** A process with the pid of this one, which hangs as it is told to. */
function machine(state: string, channel: string, pid = process.pid) {
  const source = procOf({
    files: {
      [`${pid}/task/${pid}/stat`]: stat(pid, 'S'),
      [`${pid}/task/${pid}/wchan`]: 'ep_poll',
      [`${pid}/task/8/stat`]: stat(8, state),
      [`${pid}/task/8/wchan`]: channel,
      [`${pid}/cmdline`]: 'read\0directly\0',
    },
  })
  const processes = [{ pid, startTicks: 100, comm: 'app', parentPid: 1, nice: 0, isKernelThread: false }]
  return { source, seen: { userHz: 100, processes } as unknown as Observation }
}

test.each([
  ['S', 'ep_poll'],
  ['R', '0'],
  ['T', 'do_signal_stop'],
])('where no thread hangs its files are read at once (%s, %s)', async (state, channel) => {
  const { source, seen } = machine(state, channel)
  expect(await describeLive(source, seen, new Set([process.pid]))).toEqual([])
  expect(seen.processes[0]!.described!.args).toEqual(['read', 'directly'])
})

test.each([
  ['D', 'folio_wait_bit'],
  ['S', 'request_wait_answer'],
])('where one does, a child reads them from the machine (%s, %s)', needs('Linux'), async (state, channel) => {
  const { source, seen } = machine(state, channel)
  expect(await describeLive(source, seen, new Set([process.pid]))).toEqual([])
  expect(seen.processes[0]!.described!.args).not.toEqual(['read', 'directly'])
  expect(seen.processes[0]!.described!.args!.length).toBeGreaterThan(0)
})

test('who is not named is not described', async () => {
  const { source, seen } = machine('D', '')
  expect(await describeLive(source, seen, new Set())).toEqual([])
  expect(seen.processes[0]!.described).toBeUndefined()
})
