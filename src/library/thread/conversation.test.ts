import { expect, test } from 'vitest'
import { closedError, converse } from './conversation.ts'
import type { Call, Part } from './protocol.ts'

/** A conversation whose other end is the test. */
function conversation() {
  const sent: Call[] = []
  const busy: boolean[] = []
  let receive: (part: Part) => void = () => {}
  const line = {
    send: (call: Call) => void sent.push(call),
    onMessage: (listener: (part: Part) => void) => (receive = listener),
    close() {},
  }
  const talk = converse(line, { onBusy: isBusy => busy.push(isBusy) })
  return { talk, sent, busy, receive: (part: Part) => receive(part) }
}

const DOCUMENT: Part[] = [
  { id: 1, head: '{"schema":"linsight/zoo/1"}' },
  { id: 1, list: 'animals', items: '[1]' },
  { id: 1, list: 'animals', items: '[2]' },
  { id: 1, tail: '{"count":2}' },
]

test('a document is put together, each part is acknowledged, and the program is held meanwhile', async () => {
  const { talk, sent, busy, receive } = conversation()
  const answer = talk.ask('sockets', { port: 1 }).next()
  expect(busy).toEqual([true])
  for (const part of DOCUMENT) receive(part)
  expect(await answer).toEqual({
    done: false,
    value: { schema: 'linsight/zoo/1', animals: [1, 2], count: 2 },
  })
  expect(sent).toEqual([{ id: 1, ask: 'sockets', query: { port: 1 } }, ...DOCUMENT.map(() => ({ id: 1, more: true }))])
})

test('an answer that is left is stopped; one that ended is not', async () => {
  const { talk, sent, busy, receive } = conversation()
  const left = talk.ask('watch', {})
  const first = left.next()
  for (const part of DOCUMENT) receive(part)
  await first
  await left.return()
  expect(sent.at(-1)).toEqual({ id: 1, stop: true })
  const ended = talk.ask('sockets', {}).next()
  receive({ id: 2, done: true })
  expect(await ended).toEqual({ done: true, value: undefined })
  expect(sent.filter(call => 'stop' in call)).toHaveLength(1)
  expect(busy).toEqual([true, false, true, false])
})

test('parts of what nobody waits for are dropped', async () => {
  const { talk, receive } = conversation()
  receive({ id: 7, done: true })
  const answer = talk.ask('sockets', {}).next()
  receive({ id: 1, error: { name: 'UsageError', message: 'wrong', code: 'usage' } })
  await expect(answer).rejects.toMatchObject({ code: 'usage', message: 'wrong' })
})

test('a signal ends the waiting with its reason, and says so to the other end', async () => {
  const { talk, sent } = conversation()
  const stop = new AbortController()
  const answer = talk.ask('diagnose', {}, stop.signal).next()
  stop.abort('enough')
  await expect(answer).rejects.toBe('enough')
  expect(sent.at(-1)).toEqual({ id: 1, stop: true })
})

test('when the other end is gone, nothing is waited for and nothing asked', async () => {
  const { talk, sent } = conversation()
  const answer = talk.ask('sockets', {}).next()
  talk.fail(closedError())
  await expect(answer).rejects.toThrow('has been closed')
  await expect(talk.ask('sockets', {}).next()).rejects.toThrow('has been closed')
  expect(sent).toHaveLength(1)
})
