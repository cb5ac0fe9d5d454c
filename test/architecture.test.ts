import { readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** Shared parts, lowest first: each may import those before it. They know no subject. */
const SHARED = [
  'kernel',
  'group-by',
  'errors',
  'warnings',
  'statement',
  'redact',
  'terminal',
  'files',
  'libc',
  'proc',
  'processes',
  'children',
  'namespaces',
  'cli',
]

/** Subject → other subjects it may import from. */
const SUBJECTS: Record<string, string[]> = {
  fleet: [],
  firewall: [],
  network: [],
  sockets: ['firewall', 'network', 'fleet'],
  'time-wait': ['sockets', 'fleet'],
  syscalls: ['bpf'],
  bpf: [],
  top: ['sockets', 'time-wait', 'diagnose', 'snapshot'],
  report: ['sockets', 'time-wait', 'diagnose', 'syscalls', 'bpf', 'snapshot'],
  snapshot: ['sockets', 'firewall', 'network', 'fleet'],
  diagnose: ['sockets', 'bpf', 'fleet', 'time-wait', 'syscalls'],
  library: ['sockets', 'time-wait', 'diagnose', 'fleet'],
  metrics: ['sockets', 'time-wait', 'diagnose', 'bpf'],
  completion: ['sockets'],
  manual: [],
}

/** Bytes, time, width and colour arrive as arguments here: what runs on any OS. */
const PURE =
  /(^(kernel|terminal)|\/(rules|advice|show|redact|line|formats|output|(?<!command\/)jobs|tables|threads|filter|group))\/|\/model\.ts$/

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map(file => ({ file, text: readFileSync(join(SRC, file), 'utf8') }))

const imports = files.flatMap(({ file, text }) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target]) => ({ file, target: target! })),
)

const partOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '')

/** Imports of one part of src by another, as `from`, `to` and a line to read. */
const crossing = imports
  // Schemas are data that is made of the types.
  .filter(({ target }) => target.startsWith('.') && !/^[./]+schemas\/[\w-]+\.json$/.test(target))
  .map(({ file, target }) => {
    const imported = relative(SRC, join(SRC, dirname(file), target))
    return { from: partOf(file), to: partOf(imported), line: `${file} imports ${imported}` }
  })
  .filter(({ from, to }) => from !== to)

const lines = (found: { line: string }[]) => found.map(({ line }) => line)

describe('import rules', () => {
  test('every file belongs to a known part', () => {
    const known = new Set(['app', ...SHARED, ...Object.keys(SUBJECTS)])
    expect(files.map(({ file }) => file).filter(file => !known.has(partOf(file)))).toEqual([])
  })

  test('shared parts import only shared parts below them', () => {
    const wrong = crossing.filter(
      ({ from, to }) => SHARED.includes(from) && !SHARED.slice(0, SHARED.indexOf(from)).includes(to),
    )
    expect(lines(wrong)).toEqual([])
  })

  test('a subject imports shared parts and the subjects it builds on', () => {
    const wrong = crossing.filter(
      ({ from, to }) => from in SUBJECTS && !SHARED.includes(to) && !SUBJECTS[from]!.includes(to),
    )
    expect(lines(wrong)).toEqual([])
  })

  test('a subject imports of another only its model and index', () => {
    const wrong = crossing.filter(
      ({ from, to, line }) => from in SUBJECTS && to in SUBJECTS && !/\/(model|index)\.ts$/.test(line),
    )
    expect(lines(wrong)).toEqual([])
  })

  test('an index holds at most 20 lines', () => {
    const indexes = files.filter(({ file }) => basename(file) === 'index.ts')
    expect(indexes.filter(({ text }) => text.trimEnd().split('\n').length > 20).map(({ file }) => file)).toEqual([])
  })

  test('nothing imports app', () => {
    expect(lines(crossing.filter(({ to }) => to === 'app'))).toEqual([])
  })

  test('only cli, app and command folders know oclif', () => {
    const wrong = imports.filter(
      ({ file, target }) => target.startsWith('@oclif') && !/^(cli|app)\/|\/command\//.test(file),
    )
    expect(wrong).toEqual([])
  })

  test('parsers, rules and renderers import nothing of the machine', () => {
    const wrong = imports.filter(
      ({ file, target }) => PURE.test(file) && target.startsWith('node:') && target !== 'node:buffer',
    )
    expect(wrong).toEqual([])
  })

  test('parsers, rules and renderers do not touch the process or the clock', () => {
    const machine =
      /(?<![.\w])process\.(env|stdout|stderr|platform|argv|exit|cwd|hrtime)|\bDate\.now\(|new Date\(\)|(?<![.\w])performance\./
    const wrong = files.filter(({ file, text }) => PURE.test(file) && machine.test(text))
    expect(wrong.map(({ file }) => file)).toEqual([])
  })

  test('no base name stands twice in a subject', () => {
    const seen = new Map<string, string[]>()
    for (const { file } of files) {
      if (basename(file) === 'index.ts') continue
      const key = `${partOf(file)}/${basename(file)}`
      seen.set(key, [...(seen.get(key) ?? []), file])
    }
    expect([...seen.values()].filter(same => same.length > 1)).toEqual([])
  })

  test('no folder holds more than 16 files', () => {
    const sizes = new Map<string, number>()
    for (const { file } of files) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1)
    expect([...sizes].filter(([, size]) => size > 16)).toEqual([])
  })
})
