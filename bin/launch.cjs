'use strict'
// Loads a bundle of dist/ with the V8 code cache beside it. The cache is only ever read from the package's own folder:
// under sudo a cache in a folder of the user's would be code run as root. Where V8 rejects it, everything runs as without.
const { existsSync, readFileSync } = require('node:fs')
const { join, dirname } = require('node:path')
const Module = require('node:module')
const vm = require('node:vm')

const root = dirname(__dirname)
const dist = join(root, 'dist')

/** Which bundle holds what was asked for: a command's own, or the umbrella's for its help and its errors. */
function bundleOf(bin, argv) {
  const group = bin === 'linsight' ? /^[a-z-]+/.exec(argv[0] ?? '')?.[0] : bin
  return group !== undefined && existsSync(join(dist, `${group}.cjs`)) ? group : 'linsight'
}

const cacheFile = bundle => join(dist, `${bundle}-${process.version}-${process.arch}.cache`)

/** The entry `(bin, argv, root) => Promise` of a bundle, and the script it came from, for writing the cache. */
function load(bundle) {
  const filename = join(dist, `${bundle}.cjs`)
  let source
  try {
    source = readFileSync(filename, 'latin1')
  } catch {
    process.stderr.write('linsight is not built: run npm ci (or npm run build) in its folder\n')
    process.exit(1)
  }
  let cachedData
  try {
    cachedData = readFileSync(cacheFile(bundle))
  } catch {}
  const script = new vm.Script(Module.wrap(source), {
    filename,
    cachedData,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, Module.createRequire(filename), module, filename, dist)
  return { run: module.exports, script }
}

function start(bin) {
  const argv = process.argv.slice(2)
  return load(bundleOf(bin, argv)).run(bin, argv, root)
}

module.exports = { bundleOf, cacheFile, load, start }
