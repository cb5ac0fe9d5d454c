// Writes types/, the declarations of the library in one file: what of the sources a program that imports linsight sees.
// They are in git, so that a change of the public interface is read in review. The generator brings a TypeScript of its own,
// since the project's has no API.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const USAGE = `usage: npm run types
       node scripts/write-types.mjs --check

Writes types/ from src/library. --check writes nothing and ends with status 1 where it is stale.
`

const root = fileURLToPath(new URL('..', import.meta.url))
const generator = join(
  dirname(createRequire(import.meta.url).resolve('dts-bundle-generator/package.json')),
  'dist/bin/dts-bundle-generator.js',
)

const HEADER = `// Written by npm run types.
/// <reference lib="esnext.disposable" />
`

/** Name of the file → its text. Both ways of loading the library give one instance, so both have one set of types. */
function texts() {
  const folder = mkdtempSync(join(tmpdir(), 'linsight-types-'))
  try {
    const out = join(folder, 'library.d.ts')
    const options = ['--no-check', '--no-banner', '--silent', '--export-referenced-types', 'false', '--project']
    execFileSync(process.execPath, [
      generator,
      ...options,
      join(root, 'tsconfig.json'),
      '-o',
      out,
      join(root, 'src/library/index.ts'),
    ])
    return new Map([
      ['library.d.cts', `${HEADER}\n${readFileSync(out, 'utf8')}`],
      ['library.d.mts', `${HEADER}\nexport * from './library.cjs'\n`],
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const args = process.argv.slice(2)
if (args.some(arg => arg !== '--check')) {
  process.stderr.write(USAGE)
  process.exit(2)
}
mkdirSync(join(root, 'types'), { recursive: true })
for (const [name, text] of texts()) {
  const file = join(root, 'types', name)
  let before
  try {
    before = readFileSync(file, 'utf8')
  } catch {}
  if (before === text) continue
  if (args.includes('--check')) {
    process.stderr.write(`types/${name} is stale; npm run types\n`)
    process.exitCode = 1
  } else writeFileSync(file, text)
}
