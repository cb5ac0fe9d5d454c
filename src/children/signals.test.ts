import { expect, test } from 'vitest'
import { until } from '../../test/support/until.ts'
import { onEndingSignal, passSignalsOn } from './signals.ts'

test.each([
  ['asks to end', onEndingSignal, 'SIGTERM'],
  ['asks to end', onEndingSignal, 'SIGHUP'],
  ['is passed on', passSignalsOn, 'SIGUSR2'],
  ['is passed on', passSignalsOn, 'SIGTERM'],
] as const)('a signal that %s is handed over until nobody listens any more', async (_, listen, signal) => {
  const got: string[] = []
  // Without another listener the last signal would end this process.
  process.on(signal, ignore)
  const stop = listen(name => void got.push(name))
  process.kill(process.pid, signal)
  await until(() => got.length > 0)
  stop()
  process.kill(process.pid, signal)
  await new Promise(resolve => setTimeout(resolve, 50))
  process.removeListener(signal, ignore)
  expect(got).toEqual([signal])
})

function ignore(): void {}
