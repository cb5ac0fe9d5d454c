// Builds dist/: one CommonJS bundle of everything, the static side of all commands in it, and the V8 code cache.
import { build } from 'esbuild'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { execFileSync } from 'node:child_process'
import { slimOclif } from './slim-oclif.mjs'
import { thirdPartyLicenses } from './third-party-licenses.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

/** Writes the bundle and its manifest to `folder`; `minify: false` keeps stack traces readable for development. */
export async function bundle(folder, { minify = true } = {}) {
  const shared = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    charset: 'ascii',
    logLevel: 'warning',
    plugins: [slimOclif],
    define: { 'process.env.NODE_ENV': '"production"' },
  }
  mkdirSync(folder, { recursive: true })
  const manifest = await commandManifest(folder, shared)
  const { metafile } = await build({
    ...shared,
    metafile: true,
    stdin: {
      contents: `import {main} from './src/cli/main.ts'
        module.exports = (bin, argv, root) => main(bin, argv, {...${JSON.stringify({ ...packageFacts(), manifest })}, root})`,
      resolveDir: root,
      loader: 'ts',
    },
    format: 'cjs',
    minify,
    keepNames: true,
    outfile: join(folder, 'linsight.cjs'),
  })
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses(metafile, root))
}

/** The static side of every command, as oclif caches it, so that help and dispatch need not load a command. */
export async function commandManifest(folder, shared) {
  const outfile = join(folder, `manifest-${process.pid}.cjs`)
  await build({ ...shared, entryPoints: [join(root, 'src/cli/registry.ts')], format: 'cjs', outfile })
  try {
    const { registry } = require(outfile)
    const { cacheCommand } = require(
      join(dirname(require.resolve('@oclif/core/package.json')), 'lib/util/cache-command.js'),
    )
    const plugin = { name: 'linsight', root, moduleType: 'commonjs', type: 'core', alias: 'linsight' }
    const entries = Object.entries(registry).map(async ([id, load]) => {
      const command = (await load()).default
      command.id = id
      return [id, JSON.parse(JSON.stringify(await cacheCommand(command, plugin)))]
    })
    return Object.fromEntries(await Promise.all(entries))
  } finally {
    rmSync(outfile, { force: true })
  }
}

/** What the program knows of its package. */
export function packageFacts() {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { name, version }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  // Built aside and put in place whole, so that a running program never finds half of it.
  const folder = join(root, 'dist')
  const fresh = join(root, `dist.${process.pid}`)
  await bundle(fresh)
  writeFileSync(join(fresh, 'package.json'), '{"type":"commonjs"}\n')
  rmSync(folder, { recursive: true, force: true })
  renameSync(fresh, folder)
  execFileSync(process.execPath, [join(root, 'scripts/write-code-cache.cjs')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
