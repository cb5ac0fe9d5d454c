import { expect, test } from 'vitest'
import { changing, procOf } from '../../../test/support/fake-proc.ts'
import { routeNames } from './route-names.ts'

const recording = procOf({ files: {} })
const live = changing(recording, {})
const ADDRESSES = ['0.0.0.0', '192.0.2.1', '192.0.2.2', '192.0.2.1']

function nameServer() {
  const questions: string[][] = []
  const lookUp = (addresses: ReadonlySet<string>) => {
    questions.push([...addresses])
    return Promise.resolve({ names: new Map([['192.0.2.1', 'router']]), unanswered: addresses.size - 1 })
  }
  return { questions, lookUp }
}

test('each address is asked for once', async () => {
  const { questions, lookUp } = nameServer()
  const resolve = routeNames(live, true, lookUp)
  const { names, unanswered } = await resolve(ADDRESSES)
  expect([unanswered, names.host('192.0.2.1'), names.host('192.0.2.2')]).toEqual([1, 'router', undefined])
  expect((await resolve(ADDRESSES)).unanswered).toBe(0)
  expect(questions).toEqual([['192.0.2.1', '192.0.2.2']])
})

test.each([
  ['a recording', recording, true],
  ['numbers are wanted', live, false],
])('nothing is asked: %s', async (_, source, wanted) => {
  const { questions, lookUp } = nameServer()
  const { names } = await routeNames(source, wanted, lookUp)(ADDRESSES)
  expect([questions, names.host('192.0.2.1'), names.network('169.254.0.0')]).toEqual([[], undefined, undefined])
})
