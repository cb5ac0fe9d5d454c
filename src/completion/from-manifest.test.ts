import { expect, test } from 'vitest'
import { commandLinesOf, type ManifestCommand } from './from-manifest.ts'

const BINS = { linsight: undefined, one: 'one' }
const of = (command: ManifestCommand) => commandLinesOf({ 'topic:do': command }, BINS, {}).commands[0]!
const valueOf = (flag: object, own?: object) =>
  of({ flags: { x: { type: 'option', ...flag } }, ...(own && { completions: { x: own } }) }).flags[0]!.value

test('names on the PATH, topics, and commands as one types them', () => {
  const lines = commandLinesOf({ 'topic:do': { summary: 'does' } }, BINS, { topic: { description: 'a topic' } })
  expect(lines).toEqual({
    bins: [{ name: 'linsight' }, { name: 'one', command: 'one' }],
    topics: [{ name: 'topic', text: 'a topic' }],
    commands: [{ id: 'topic do', text: 'does', flags: [], operands: {} }],
  })
})

test('what is hidden is not told', () => {
  expect(commandLinesOf({ a: { hidden: true } }, BINS, {}).commands).toEqual([])
  expect(of({ flags: { x: { type: 'boolean', hidden: true } } }).flags).toEqual([])
})

test.each([
  [{ helpValue: 'PID' }, { name: 'PID', completion: { live: 'pids' } }],
  [{ helpValue: 'HOSTS' }, { name: 'HOSTS', completion: { hosts: true } }],
  [{ helpValue: 'FILE' }, { name: 'FILE', completion: { files: true } }],
  [{ helpValue: 'PID,…' }, { name: 'PID,…', completion: { live: 'pids' } }],
  [{ helpValue: 'TIME' }, { name: 'TIME', completion: {} }],
  [{ options: ['a', 'b'] }, { name: 'a|b', completion: { words: ['a', 'b'] } }],
  [
    { options: ['a'], helpValue: 'FILE' },
    { name: 'FILE', completion: { words: ['a'] } },
  ],
  [{}, { name: 'N', completion: {} }],
])('a value %j', (flag, value) => {
  expect(valueOf(flag)).toEqual(value)
})

test('what a command says of its own flags and operands counts first', () => {
  expect(valueOf({ helpValue: 'PID' }, { words: ['w'] })?.completion).toEqual({ words: ['w'] })
  expect(of({ args: { file: {} } }).operands).toEqual({ files: true })
  expect(of({ args: { shell: { options: ['sh'] } } }).operands).toEqual({ words: ['sh'] })
  expect(of({ args: { file: {} }, completions: { '': { live: 'ports' } } }).operands).toEqual({ live: 'ports' })
})

test('a flag that can be taken back is two', () => {
  const { flags } = of({ flags: { trace: { type: 'boolean', allowNo: true, description: 'count', char: 't' } } })
  expect(flags).toEqual([
    { name: 'trace', letter: 't', text: 'count', multiple: false },
    { name: 'no-trace', text: 'not: count', multiple: false },
  ])
})
