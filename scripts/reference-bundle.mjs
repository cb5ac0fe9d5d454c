// The same program without any of the start-up recipe: stock oclif from node_modules, nothing left out or deferred, not
// minified, no code cache. What the tests hold the shipped bundle against.
import { build } from 'esbuild'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { commandManifest, packageFacts } from './build.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Writes it to `file` and returns nothing; `require(file)(bin, argv, root)` runs it. */
export async function referenceBundle(folder, file) {
  const manifest = await commandManifest(folder, {
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    external: ['@oclif/core'],
  })
  await build({
    stdin: {
      contents: `import {main} from './src/cli/main.ts'
        module.exports = (bin, argv, root) => main(bin, argv, {...${JSON.stringify({ ...packageFacts(), manifest })}, root})`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    external: ['@oclif/core'],
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile: join(folder, file),
    logLevel: 'warning',
  })
}
