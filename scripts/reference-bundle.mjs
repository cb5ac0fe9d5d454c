// The same program without any of the start-up recipe: stock oclif from node_modules, all commands in one file, nothing
// left out or deferred, not minified, no code cache. What the tests hold the shipped bundles against.
import { build } from 'esbuild'
import { join } from 'node:path'
import { commandManifest, entryPoint } from './build.mjs'

/** Writes it to `folder/file`; `require` of it gives `(bin, argv, root) => Promise`. */
export async function referenceBundle(folder, file) {
  const external = ['@oclif/core', 'koffi']
  await build({
    stdin: entryPoint(await commandManifest(folder, { external })),
    bundle: true,
    external,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    outfile: join(folder, file),
    logLevel: 'warning',
  })
}
