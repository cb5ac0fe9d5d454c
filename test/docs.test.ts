// What the documentation says of the code is true: generated parts are fresh; files, links, flags and schemas exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PAGES } from './support/doc-examples.ts'
import { ROOT } from './support/paths.ts'
import { run } from './support/run.ts'
import { SCHEMA_NAMES } from './support/schemas.ts'

const pages = PAGES.map(page => ({ page, text: readFileSync(join(ROOT, page), 'utf8') }))

/** Every long flag of the generated tables. */
const flags = new Set(
  pages
    .flatMap(({ text }) => [...text.matchAll(/^<!-- generated: [\w ]*flags.*-->\n([^]*?)^<!-- end -->$/gm)])
    .flatMap(([, block]) => [...block!.matchAll(/`--([\w-]+)/g)].map(([, flag]) => flag!)),
)

test('generated parts are those that the code gives: npm run docs', () => {
  const { status, stderr } = run(process.execPath, [join(ROOT, 'scripts/write-docs.mjs'), '--check'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

describe.each(pages)('$page', ({ page, text }) => {
  test('names only files that exist', () => {
    const named = [...text.matchAll(/(?<![\w./-])(?:src|test|docs|scripts|bench|bin|fixtures)\/[\w./-]*\w/g)]
    const missing = named.map(([path]) => path).filter(path => !existsSync(join(ROOT, path)))
    expect([...new Set(missing)]).toEqual([])
  })

  test('links only to pages and headings that exist', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter(link => !/^https?:/.test(link))
    const broken = links.filter(link => {
      const [file = '', heading] = link.split('#')
      const target = file === '' ? join(ROOT, page) : join(ROOT, dirname(page), file)
      if (!existsSync(target)) return true
      return heading !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(heading)
    })
    expect(broken).toEqual([])
  })

  test('names only flags that a command has', () => {
    const used = codeLines(text).flatMap(line => flagsOfOurs(line))
    expect(used.filter(flag => !flags.has(flag))).toEqual([])
  })
})

test('docs/json.md names every document and links its schema', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map(file => readFileSync(join(ROOT, 'src', file), 'utf8'))
  const schemas = sources.flatMap(text => [
    ...[...text.matchAll(/\bwhat: '([a-z-]+)',\s*origin/g)].map(([, what]) => `linsight/${what}/1`),
    ...[...text.matchAll(/linsight\/[a-z-]+\/\d/g)].map(([schema]) => schema),
  ])
  const page = readFileSync(join(ROOT, 'docs/json.md'), 'utf8')
  expect(schemas.length).toBeGreaterThan(8)
  expect([...new Set(schemas)].filter(schema => !page.includes(schema))).toEqual([])
  expect(SCHEMA_NAMES.filter(name => !page.includes(`](../schemas/${name}.json)`))).toEqual([])
  // A recording of a tool is a header and then the bytes of the tool, which is no JSON.
  const isRecording = (schema: string) => schema.includes('-recording/')
  const names = [...new Set(schemas)].filter(schema => !isRecording(schema)).map(schema => schema.split('/')[1]!)
  expect(names.filter(name => !SCHEMA_NAMES.includes(name))).toEqual([])
})

/** The anchors of a page's headings, as a forge makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** Lines of sh and console blocks that a user types. */
function codeLines(text: string): string[] {
  return [...text.matchAll(/^```(sh|console(?: live)?)\n([^]*?)^```$/gm)].flatMap(([, kind, body]) =>
    body!.split('\n').flatMap(line => (kind === 'sh' ? [line] : line.startsWith('$ ') ? [line.slice(2)] : [])),
  )
}

/** Flags that stand behind one of our commands: up to a pipe, a `--` or what the command traces. */
function flagsOfOurs(line: string): string[] {
  return [...line.matchAll(/\b(?:mynetstat|tw-stats|trace-syscalls|linsight)(?= )([^|>]*)/g)].flatMap(([, words]) =>
    [...words!.split(' -- ')[0]!.matchAll(/ --([\w-]+)/g)].map(([, flag]) => flag!),
  )
}
