import { expect, test } from 'vitest'
import { fixture, ZOO } from '../../test/support/paths.ts'
import { open } from './open.ts'

test('sources that run unbuilt answer without a thread', async () => {
  const machine = await open({ from: ZOO })
  const [sockets, timeWait, processes, diagnosis] = await Promise.all([
    machine.sockets({ listening: true, protocols: ['tcp'] }),
    machine.timeWait({ top: 1 }),
    machine.processes(),
    machine.diagnose(),
  ])
  await machine.close()
  expect(sockets).toMatchObject({ schema: 'linsight/sockets/1', source: ZOO })
  expect(timeWait.schema).toBe('linsight/time-wait/1')
  expect(processes.processes.length).toBeGreaterThan(3)
  expect(diagnosis.looked.tracing).toBe(false)
})

test('the recording of a diagnosis', async () => {
  await using machine = await open({ from: fixture('diagnose/accept-queue-full.diag.json') })
  const { findings, source } = await machine.diagnose()
  expect(findings.map(({ cause }) => cause)).toContain('accept-queue-full')
  expect(source).toMatch(/accept-queue-full\.diag\.json$/)
  await expect(machine.timeWait()).rejects.toMatchObject({ code: 'input-format' })
})

test.each([
  [{ from: '' }, 'usage'],
  [{ from: '-' }, 'usage'],
  [{ from: '/nonexistent' }, 'input-missing'],
])('%j is refused', async (options, code) => {
  await expect(open(options)).rejects.toMatchObject({ code })
})
