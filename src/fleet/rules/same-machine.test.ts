import { expect, test } from 'vitest'
import { emptyEntries, recordedProc } from '../../proc/recorded-proc.ts'
import { namedTwice } from './same-machine.ts'

function named(host: string, hostname: string, netns: string, boot: number) {
  const entries = emptyEntries()
  entries.files.set('stat', Buffer.from(`btime ${boot}\n`))
  return { host, sources: [recordedProc('snapshot', host, { host: hostname, netns }, entries)] }
}

test('two machines that started in the same second', () => {
  const [one, other] = [named('a', 'localhost', 'net:[1]', 5), named('b', 'localhost', 'net:[1]', 5)]
  for (const [at, { sources }] of [one, other].entries())
    sources[0]!.entries.files.set('sys/kernel/random/boot_id', Buffer.from(`${at}\n`))
  expect(namedTwice([one, other]).size).toBe(0)
})

test('two names of one machine', () => {
  const answers = [
    named('web1', 'web1', 'net:[1]', 5),
    named('10.0.0.1', 'web1', 'net:[1]', 5),
    named('other boot', 'web1', 'net:[1]', 6),
    named('other namespace', 'web1', 'net:[2]', 5),
    named('other name', 'web2', 'net:[1]', 5),
  ]
  expect(namedTwice(answers)).toEqual(new Map([['10.0.0.1', 'web1']]))
})
