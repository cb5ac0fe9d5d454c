import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const COMMANDS = [
  ['linsight'],
  ['linsight', 'bpf'],
  ['linsight', 'snapshot'],
  ['linsight', 'completion'],
  ['mynetstat'],
  ['tw-stats'],
  ['trace-syscalls'],
  ['linsight', 'report'],
  ...['bcc', 'doctor', 'list', 'replay', 'run', 'script', 'show'].map(name => ['linsight', 'bpf', name]),
  ...['save', 'show'].map(name => ['linsight', 'snapshot', name]),
]

const helpOf = ([bin, ...words]: string[], columns: number) =>
  spawnSync(process.execPath, [`${root}/bin/${bin}.cjs`, ...words, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, COLUMNS: String(columns) },
  }).stdout

describe.each([40, 80, 120])('help at %d columns', columns => {
  test.each(COMMANDS.map(words => [words.join(' '), words] as const))(
    '%s: no line is wider, no word is cut',
    (_, words) => {
      const help = helpOf(words, columns)
      const wide = help.split('\n').filter(line => line.length > Math.min(columns, 100) && line.trim().includes(' '))
      expect(wide).toEqual([])
      const text = (part: string) => part.replaceAll(/\s+/g, ' ')
      const [, exitCodes = ''] = help.split('EXIT CODES\n')
      expect(text(exitCodes)).toBe(text(helpOf(words, 100).split('EXIT CODES\n')[1] ?? ''))
    },
  )
})

test('the help of mynetstat is three screens of a large terminal', () => {
  const lines = helpOf(['mynetstat'], 120).trimEnd().split('\n').length
  expect(lines).toBeGreaterThan(100)
  expect(lines).toBeLessThanOrEqual(3 * 64)
})
