// Builds dist/: a CommonJS bundle for each group of commands, so that a command loads no other's code; one for the
// umbrella's own help and errors; and the V8 code cache of each.
import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ownKoffi } from './own-koffi.mjs'
import { slimOclif } from './slim-oclif.mjs'
import { thirdPartyLicenses } from './third-party-licenses.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

const SHARED = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  charset: 'ascii',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': '"production"' },
}

/** The first word of a command id: `bpf` of `bpf:run`. */
const groupOf = id => id.split(':')[0]

/** Writes the bundles to `folder`; `minify: false` keeps stack traces readable for development. */
export async function bundle(folder, { minify = true } = {}) {
  mkdirSync(folder, { recursive: true })
  const manifest = await commandManifest(folder, { plugins: [slimOclif, ownKoffi] })
  const define = { ...SHARED.define, ...(await threadPrograms({ minify })) }
  const groups = [...new Set(Object.keys(manifest).map(groupOf))]
  const inputs = {}
  for (const group of ['linsight', ...groups]) {
    const own = id => groupOf(id) === group
    const { metafile } = await build({
      ...SHARED,
      stdin: entryPoint(group === 'linsight' ? manifest : pick(manifest, own)),
      plugins: [slimOclif, ownKoffi, onlyCommands(own)],
      define,
      metafile: true,
      minify,
      keepNames: true,
      outfile: join(folder, `${group}.cjs`),
    })
    Object.assign(inputs, metafile.inputs)
  }
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses({ inputs }, root))
}

/** Constant → the program of a thread whose text stands in its place, see src/processes/start-thread.ts. */
const THREADS = {
  OWNER_THREAD: 'src/processes/fast/owner-thread-program.ts',
}

/** The text of every thread as esbuild's `define` takes it: a bundle of its own each, since a thread needs little of ours. */
export async function threadPrograms({ minify = true } = {}) {
  const programs = Object.entries(THREADS).map(async ([constant, file]) => {
    const { outputFiles } = await build({ ...SHARED, entryPoints: [join(root, file)], minify, write: false })
    return [constant, JSON.stringify(outputFiles[0].text)]
  })
  return Object.fromEntries(await Promise.all(programs))
}

/** The module every bundle starts from: `(bin, argv, root) => Promise`. */
export function entryPoint(manifest) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return {
    contents: `import {main} from './src/app/main.ts'
      module.exports = (bin, argv, root) => main(bin, argv, {...${JSON.stringify({ name, version, manifest })}, root})`,
    resolveDir: root,
    loader: 'ts',
  }
}

/** The static side of every command, as oclif caches it, so that help and dispatch need not load a command. */
export async function commandManifest(folder, options) {
  const outfile = join(folder, `manifest-${process.pid}.cjs`)
  await build({ ...SHARED, ...options, entryPoints: [join(root, 'src/app/registry.ts')], outfile })
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

/** An esbuild plugin: leaves the commands that `isWanted` refuses out of the registry, and with it out of the bundle. */
function onlyCommands(isWanted) {
  return {
    name: 'only-commands',
    setup(context) {
      context.onLoad({ filter: /src\/app\/registry\.ts$/ }, ({ path }) => ({
        loader: 'ts',
        contents: readFileSync(path, 'utf8').replaceAll(/^ +'?([\w:-]+)'?: \(\) => import\(.*\),?$/gm, (line, id) =>
          isWanted(id) ? line : '',
        ),
      }))
    },
  }
}

function pick(object, isWanted) {
  return Object.fromEntries(Object.entries(object).filter(([key]) => isWanted(key)))
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
