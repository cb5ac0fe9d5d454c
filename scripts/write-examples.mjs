// Runs the examples of README.md and docs/ and writes what they print below them: npm run docs:examples, and with
// --live also those that trace this machine. Look at the difference before you commit it: tests compare with it.
import { build } from 'esbuild'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// In a folder as deep as the module's own, since it finds the root from where it stands.
const folder = join(root, 'node_modules/.cache')
const outfile = join(folder, `doc-examples-${process.pid}.mjs`)
mkdirSync(folder, { recursive: true })
await build({
  entryPoints: [join(root, 'test/support/doc-examples.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
})
try {
  const { DocShell, examplesOf, PAGES } = await import(pathToFileURL(outfile).href)
  const shell = new DocShell()
  const wantsLive = process.argv.includes('--live')
  try {
    for (const page of PAGES) {
      const file = join(root, page)
      let text = readFileSync(file, 'utf8')
      // From the last to the first, so that the places of those before stay what they are.
      for (const example of examplesOf(page, text).toReversed()) {
        if (example.live && !wantsLive) continue
        const ran = example.live ? shell.runLive(example) : example.steps.map(({ command }) => shell.run(command, root))
        const body = example.steps.map(({ command }, at) => `$ ${command}\n${shown(ran[at], command)}`).join('')
        text = text.slice(0, example.from) + body + text.slice(example.to)
      }
      writeFileSync(file, text)
    }
  } finally {
    shell.dispose()
  }
} finally {
  rmSync(outfile, { force: true })
}

function shown({ stdout, stderr, status }, command) {
  if (status !== 0) process.stderr.write(`exit ${status}: ${command}\n${stderr}`)
  return stderr + stdout
}
