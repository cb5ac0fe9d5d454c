// Writes what goes with the commands besides themselves, from their help: man pages and the completions of shells.
import { build } from 'esbuild'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

/** Files of `completions/`, by shell, as each shell looks for them. */
export const COMPLETION_FILES = { bash: 'linsight.bash', zsh: '_linsight', fish: 'linsight.fish' }

/** Into `man/` and `completions/` of `folder`; returns the text for each shell. */
export async function writeHands(manifest, folder) {
  const { BINS, TOPICS, commandLinesOf, bashCompletion, zshCompletion, fishCompletion, manPages } =
    await loadHands(folder)
  const lines = commandLinesOf(manifest, BINS, TOPICS)
  const texts = { bash: bashCompletion(lines), zsh: zshCompletion(lines), fish: fishCompletion(lines) }
  mkdirSync(join(folder, 'completions'), { recursive: true })
  for (const [shell, text] of Object.entries(texts))
    writeFileSync(join(folder, 'completions', COMPLETION_FILES[shell]), text)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  mkdirSync(join(folder, 'man'), { recursive: true })
  const pages = manPages(manifest, { bins: BINS, topics: TOPICS, version, date: dayOfBuild() })
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, 'man', name), text)
  return texts
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function dayOfBuild() {
  const seconds = Number(process.env.SOURCE_DATE_EPOCH)
  return new Date(seconds > 0 ? seconds * 1000 : Date.now()).toISOString().slice(0, 10)
}

async function loadHands(folder) {
  const outfile = join(folder, `hands-${process.pid}.cjs`)
  await build({
    stdin: {
      contents: `
        export { BINS, TOPICS } from './src/app/bins.ts'
        export { commandLinesOf } from './src/completion/from-manifest.ts'
        export { bashCompletion } from './src/completion/show/bash.ts'
        export { zshCompletion } from './src/completion/show/zsh.ts'
        export { fishCompletion } from './src/completion/show/fish.ts'
        export { manPages } from './src/manual/man-pages.ts'`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    logLevel: 'warning',
  })
  try {
    return require(outfile)
  } finally {
    rmSync(outfile, { force: true })
    delete require.cache[outfile]
  }
}
