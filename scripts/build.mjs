// Builds dist/: a bundle for each group of commands, so that a command loads no other's code, and one for the umbrella's
// own help and errors. bin/launch.cjs runs them.
import { build } from 'esbuild'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { writeHands } from './write-hands.mjs'
import { loadOnUse, standIns } from './load-on-use.mjs'
import { ownKoffi } from './own-koffi.mjs'
import { slimOclif } from './slim-oclif.mjs'
import { thirdPartyLicenses } from './third-party-licenses.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)
const registryFile = join(root, 'src/app/registry.ts')

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

/** The script is the function that Node's own loader would make of a module: so it need not be copied at every start. */
const AS_FUNCTION = {
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
}

/**
 * Writes the bundles to `folder`; `minify: false` keeps stack traces readable for development. `koffi` is the esbuild
 * plugin that tells where koffi is loaded from; `library: false` leaves out what programs import. Returns the names of the
 * bundles of commands.
 */
export async function bundle(folder, { minify = true, koffi = ownKoffi, library = true } = {}) {
  mkdirSync(folder, { recursive: true })
  const manifest = await commandManifest(folder, { plugins: [slimOclif, koffi] })
  const files = await commandFiles(folder)
  const page = await reportPage({ minify })
  const completions = await writeHands(manifest, folder)
  const define = {
    ...SHARED.define,
    ...(await threadPrograms({ minify })),
    ...page.define,
    COMPLETIONS: JSON.stringify(completions),
  }
  // Shells have been told: no run of a command needs them.
  for (const command of Object.values(manifest)) delete command.completions
  const groups = ['linsight', ...new Set(Object.keys(manifest).map(groupOf))]
  const inputs = { ...page.inputs }
  for (const group of groups) {
    const own = id => groupOf(id) === group
    const { metafile } = await build({
      ...SHARED,
      ...AS_FUNCTION,
      stdin: entryPoint(group === 'linsight' ? manifest : pick(manifest, own)),
      plugins: [slimOclif, loadOnUse, koffi, onlyCommands(files, own)],
      define,
      metafile: true,
      minify,
      keepNames: true,
      outfile: join(folder, `${group}.cjs`),
    })
    Object.assign(inputs, metafile.inputs)
  }
  if (library) Object.assign(inputs, await bundleLibrary(folder, { koffi, define, minify }))
  checkStandIns(inputs, `${koffi.name}:koffi`)
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicenses({ inputs }, root))
  return groups
}

/** Name of the bundle that the library's thread runs: it stands in place of a constant, see src/library/thread/start.ts. */
const LIBRARY_THREAD = 'library-thread.cjs'

/**
 * The library: a small module that a program loads, the program of its thread, and a wrapper for `import`, so that both
 * ways of loading it give one instance.
 */
async function bundleLibrary(folder, { koffi, define, minify }) {
  const options = {
    ...SHARED,
    plugins: [koffi],
    define: { ...define, LIBRARY_THREAD: JSON.stringify(LIBRARY_THREAD) },
    metafile: true,
    minify,
    keepNames: true,
  }
  const main = await build({
    ...options,
    entryPoints: [join(root, 'src/library/index.ts')],
    outfile: join(folder, 'library.cjs'),
  })
  const thread = await build({
    ...options,
    entryPoints: [join(root, 'src/library/thread/program.ts')],
    outfile: join(folder, LIBRARY_THREAD),
  })
  const names = Object.keys(require(resolve(folder, 'library.cjs'))).sort()
  writeFileSync(
    join(folder, 'library.mjs'),
    `import library from './library.cjs'\nexport const { ${names.join(', ')} } = library\n`,
  )
  return { ...main.metafile.inputs, ...thread.metafile.inputs }
}

/** Throws where something that is put in another's place here has lost that place. `inputs` as in esbuild's metafile. */
export function checkStandIns(inputs, koffi = 'own-koffi:koffi') {
  const ours = Object.keys(inputs).filter(file => file.startsWith('src/'))
  const sources = ours.map(file => readFileSync(join(root, file), 'utf8'))
  const unmet = [
    ...[...standIns, koffi].filter(name => !(name in inputs)),
    ...Object.keys(THREADS).filter(constant => !sources.some(text => text.includes(constant))),
  ]
  if (unmet.length > 0) throw new Error(`no bundle asks for ${unmet.join(', ')} any more`)
}

/** Constant → the program of a thread whose text stands in its place, see src/processes/start-thread.ts. */
const THREADS = {
  OWNER_THREAD: 'src/processes/fast/owner-thread-program.ts',
  SCAN_THREAD: 'src/syscalls/strace-log/fast/scan-thread.ts',
}

/** The text of every thread as esbuild's `define` takes it: a bundle of its own each, since a thread needs little of ours. */
export async function threadPrograms({ minify = true } = {}) {
  const programs = Object.entries(THREADS).map(async ([constant, file]) => {
    const { outputFiles } = await build({ ...SHARED, entryPoints: [join(root, file)], minify, write: false })
    return [constant, JSON.stringify(outputFiles[0].text)]
  })
  return Object.fromEntries(await Promise.all(programs))
}

/** Script and style of the page of `linsight report`, as esbuild's `define` takes them: see src/report/page-text.ts. */
export async function reportPage({ minify = true } = {}) {
  const options = { bundle: true, minify, charset: 'ascii', target: 'es2022', write: false, logLevel: 'warning' }
  const entries = { REPORT_SCRIPT: 'src/report/page/main.ts', REPORT_STYLE: 'src/report/page/style.css' }
  const texts = Object.entries(entries).map(async ([constant, file]) => {
    const { outputFiles, metafile } = await build({
      ...options,
      entryPoints: [join(root, file)],
      format: constant === 'REPORT_SCRIPT' ? 'iife' : undefined,
      metafile: true,
    })
    return { constant, text: outputFiles[0].text, inputs: metafile.inputs }
  })
  const made = await Promise.all(texts)
  return {
    define: Object.fromEntries(made.map(({ constant, text }) => [constant, JSON.stringify(text)])),
    inputs: Object.assign({}, ...made.map(({ inputs }) => inputs)),
  }
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
  const { cacheCommand } = require(
    join(dirname(require.resolve('@oclif/core/package.json')), 'lib/util/cache-command.js'),
  )
  const plugin = { name: 'linsight', root, moduleType: 'commonjs', type: 'core', alias: 'linsight' }
  return mapRegistry(folder, options, async (command, id) => {
    command.id = id
    return JSON.parse(JSON.stringify(await cacheCommand(command, plugin)))
  })
}

/** Command id → the file it is in, asked of the registry itself: it loads file names instead of files. */
function commandFiles(folder) {
  const fileNames = {
    name: 'file-names',
    setup(context) {
      context.onResolve({ filter: /.*/ }, ({ kind, path, resolveDir }) =>
        kind === 'dynamic-import' ? { path: join(resolveDir, path), namespace: 'file-name' } : undefined,
      )
      context.onLoad({ filter: /.*/, namespace: 'file-name' }, ({ path }) => ({
        contents: `export default ${JSON.stringify(path)}`,
      }))
    },
  }
  return mapRegistry(folder, { plugins: [fileNames] }, file => file)
}

/** Command id → what `convert` makes of the default export that the registry loads for it. */
async function mapRegistry(folder, options, convert) {
  const outfile = join(folder, `registry-${process.pid}.cjs`)
  await build({ ...SHARED, ...options, entryPoints: [registryFile], outfile })
  try {
    const entries = Object.entries(require(outfile).registry).map(async ([id, load]) => [
      id,
      await convert((await load()).default, id),
    ])
    return Object.fromEntries(await Promise.all(entries))
  } finally {
    rmSync(outfile, { force: true })
    delete require.cache[outfile]
  }
}

/** An esbuild plugin: of the commands in `files` only those whose id `isWanted` takes get into the bundle. */
export function onlyCommands(files, isWanted) {
  const ids = new Map(Object.entries(files).map(([id, file]) => [file, id]))
  return {
    name: 'only-commands',
    setup(context) {
      const met = new Set()
      context.onResolve({ filter: /.*/ }, ({ kind, importer, path, resolveDir }) => {
        if (kind !== 'dynamic-import' || importer !== registryFile) return undefined
        const id = ids.get(join(resolveDir, path))
        met.add(id)
        return isWanted(id) ? undefined : { path: 'left-out', namespace: 'left-out' }
      })
      context.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
        contents: 'throw new Error("this command is in another bundle")',
      }))
      context.onEnd(() => {
        const missing = [...ids.values()].filter(id => !met.has(id))
        if (missing.length > 0) throw new Error(`${registryFile} does not import ${missing.join(', ')}`)
      })
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
}
