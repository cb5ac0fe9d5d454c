import { needs } from '../../../../test/support/needs.ts'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { runCounter } from './run-counter.ts'

const folder = temporaryFolder()

/** Stands for bpftrace. */
function tool(name: string, script: string): string {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\ncat >${join(folder, 'program')}\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

const counter = (file: string) =>
  runCounter({ file, program: 'BEGIN {}', keyLimit: 100, onTick: () => {}, onThread: () => {} })

test.each([
  ['silent', 'exit 3', /could not count system calls: it ended with status 3 and did not say why/],
  ['killed', 'kill -9 $$', /could not count system calls: SIGKILL ended it and did not say why/],
  ['talking', 'echo "ERROR: no such probe" >&2; exit 1', /could not count system calls: ERROR: no such probe/],
  ['forbidden', 'echo "must be run as the root user" >&2; exit 1', /may not trace system calls here/],
])('a bpftrace that ends before it is ready: %s', async (name, script, message) => {
  await expect(counter(tool(name, script))).rejects.toThrow(message)
})

test('the reading of the end is whole, one that never came is not', needs('sleep'), async () => {
  const ready = `echo '{"type": "value", "data": ["ready",1000]}'`
  const tick = `echo '{"type": "map", "data": {"@calls": {"39,0,80": 7}}}'; echo '{"type": "value", "data": ["tick",2000]}'`
  const whole = await counter(
    tool(
      'whole',
      `trap 'echo "{\\"type\\": \\"value\\", \\"data\\": [\\"end\\",3000,2500]}"; exit' INT; ${ready}; ${tick}; while :; do sleep 0.05; done`,
    ),
  )
  await expect(whole.finish()).resolves.toMatchObject({ endedEarly: undefined, reading: { atNs: 3000 } })
  const cut = await counter(tool('cut', `${ready}; ${tick}; sleep 0.1; exit 4`))
  await cut.gone
  await expect(cut.finish()).resolves.toMatchObject({
    endedEarly: 'it ended with status 4 and did not say why',
    reading: { atNs: 2000 },
  })
})
