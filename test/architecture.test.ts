import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../src', import.meta.url))

/** Folder → folders of src it may import from. Everything may import `errors.ts` but what says otherwise. */
const MAY_IMPORT: Record<string, string[]> = {
  model: [],
  parse: ['model'],
  analyse: ['model', 'parse'],
  render: ['model'],
  source: ['model'],
  programs: ['model'],
  // Reads a source through the parsers: the one place where bytes and their meaning meet.
  collect: ['source', 'parse', 'model', 'analyse', 'programs'],
  cli: ['source', 'render', 'model', 'commands', 'collect', 'analyse'],
  commands: ['cli', 'source', 'collect', 'parse', 'analyse', 'render', 'model', 'programs'],
}

/** These run on any OS: time, width, colour and bytes arrive as arguments. */
const PURE = new Set(['model', 'parse', 'analyse', 'render'])

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => ({ file, text: readFileSync(join(SRC, file), 'utf8') }))

const imports = files.flatMap(({ file, text }) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => ({ file, target: match[1]! })),
)

const folderOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '')

describe('import rules', () => {
  test.each(imports.filter(i => i.target.startsWith('.')))('$file may import $target', ({ file, target }) => {
    const from = folderOf(file)
    const to = folderOf(relative(SRC, join(SRC, dirname(file), target)))
    expect([from, 'errors', ...(MAY_IMPORT[from] ?? [])]).toContain(to)
  })

  test.each(imports.filter(i => i.target.startsWith('@oclif')))(
    'only cli and commands know oclif: $file',
    ({ file }) => {
      expect(['cli', 'commands']).toContain(folderOf(file))
    },
  )

  test.each(imports.filter(i => i.target.startsWith('node:') && PURE.has(folderOf(i.file))))(
    '$file is pure but imports $target',
    ({ target }) => {
      expect(['node:buffer']).toContain(target)
    },
  )

  test.each(imports.filter(i => folderOf(i.file) === 'cli' && i.target.includes('/commands/')))(
    'only the registry imports commands: $file',
    ({ file }) => {
      expect(file).toBe('cli/registry.ts')
    },
  )

  test.each(files.filter(({ file }) => PURE.has(folderOf(file))))('$file does not touch process', ({ text }) => {
    expect(text).not.toMatch(/(?<![.\w])process\.(env|stdout|stderr|platform|argv|exit|cwd|hrtime)/)
  })
})
