import { expect, test } from 'vitest'
import { procOf } from '../../test/support/fake-proc.ts'
import { UsageError } from '../errors.ts'
import { namedNamespace } from './named-namespace.ts'

const ID = 'ab12'.repeat(16)
const OTHER = `ab12${'0'.repeat(60)}`
const source = procOf({
  files: {
    '1/cmdline': 'init\0',
    '7/cmdline': 'web\0',
    '7/cgroup': `0::/docker/${ID}\n`,
    '7/net/tcp': 'of 7',
    '8/cmdline': 'db\0',
    '8/cgroup': `0::/docker/${OTHER}\n`,
    '8/net/tcp': 'of 8',
    'self/mountinfo': '90 28 0:4 net:[5] /run/netns/bl\xc3\xa4u rw\n',
    'net/tcp': 'own',
  },
  links: { '1/ns/net': 'net:[1]', '7/ns/net': 'net:[7]', '8/ns/net': 'net:[8]' },
  meta: { netns: 'net:[1]' },
})
const named = (word: string) => namedNamespace(source, word, undefined)
const errorOf = async (word: string) => {
  const error = await named(word).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  const { message, hint } = error as UsageError
  return [message, hint]
}

test.each([
  ['1', 'own'],
  ['web', 'of 7'],
  [ID.slice(0, 5), 'of 7'],
  ['net:[8]', 'of 8'],
])('--netns %s', async (word, table) => {
  const { inside } = await named(word)
  expect(inside.readFile('net/tcp').toString()).toBe(table)
})

test('which one was meant is said where the word is not its very name', async () => {
  expect((await named('web')).remark).toBe('container ab12ab12ab12, web (pid 7), net:[7]')
  expect((await named('net:[7]')).remark).toBeUndefined()
})

test('one of several is not guessed', async () => {
  expect(await errorOf('ab12')).toEqual([
    '--netns ab12 names 2 network namespaces',
    'say which: net:[7] (container ab12ab12ab12, web (pid 7)); net:[8] (container ab1200000000, db (pid 8))',
  ])
})

test('what there is not, with what was probably meant', async () => {
  expect(await errorOf('wen')).toEqual(['there is no network namespace wen here', 'did you mean web?'])
  expect(await errorOf('nothing-like-it')).toEqual([
    'there is no network namespace nothing-like-it here',
    'there are first network namespace, init (pid 1); bläu; container ab12ab12ab12, web (pid 7); container ab1200000000, db (pid 8)',
  ])
  expect(await errorOf('')).toEqual(['there is no network namespace without a name here', expect.any(String)])
})

test('one whose tables were not recorded', async () => {
  expect(await errorOf('bläu')).toEqual(['net:[5] (bläu) cannot be read', 'the recording does not hold its tables'])
})
