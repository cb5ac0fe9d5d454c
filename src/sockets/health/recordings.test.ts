import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture, ZOO } from '../../../test/support/paths.ts'
import { openSource } from '../../proc/open-source.ts'
import { checkHealth } from './check-health.ts'
import { readHealthLooks } from './read-look.ts'

async function codesOf(path: string): Promise<string[]> {
  const source = await openSource(path, undefined)
  const { looks } = readHealthLooks(source, [{ source, netns: undefined }], () => undefined)
  return checkHealth(looks).findings.map(({ code }) => code)
}

/** What one look at each recording of TIME_WAIT tells; all others are of machines where nothing is wrong. */
const WRONG: Readonly<Record<string, string[]>> = {
  'H1-finwait2-mini-300-closewait-300': ['close-wait-leak'],
  'K1-fintimeout3-finwait2': ['close-wait-leak'],
  'K3-accept-queue-overflow': ['accept-queue-full'],
}

test.each(readdirSync(fixture('timewait')))('%s', async name => {
  expect(await codesOf(fixture(`timewait/${name}`))).toEqual(WRONG[name] ?? [])
})

test('sockets of every kind: a full queue at which two clients knock, and a program whose file is gone', async () => {
  expect(await codesOf(ZOO)).toEqual(['accept-queue-full', 'deleted-executable'])
})
