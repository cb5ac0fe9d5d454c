'use strict'
// Loads dist/linsight.cjs with the V8 code cache beside it. The cache is only ever read from the package's own folder:
// under sudo a cache in a folder of the user's would be code run as root. Where V8 rejects it, everything runs as without.
const { readFileSync } = require('node:fs')
const { join, dirname } = require('node:path')
const Module = require('node:module')
const vm = require('node:vm')

const dist = join(dirname(__dirname), 'dist')

exports.cacheFile = join(dist, `code-cache-${process.version}-${process.arch}.bin`)

/** The bundle's entry `(bin, argv, root) => Promise`, and the script it came from, for writing the cache. */
exports.load = () => {
  const filename = join(dist, 'linsight.cjs')
  let source
  try {
    source = readFileSync(filename, 'latin1')
  } catch {
    process.stderr.write('linsight is not built: run npm ci (or npm run build) in its folder\n')
    process.exit(1)
  }
  let cachedData
  try {
    cachedData = readFileSync(exports.cacheFile)
  } catch {}
  const script = new vm.Script(Module.wrap(source), {
    filename,
    cachedData,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const bundle = { exports: {} }
  script.runInThisContext()(bundle.exports, Module.createRequire(filename), bundle, filename, dist)
  return { run: bundle.exports, script }
}

exports.start = bin => exports.load().run(bin, process.argv.slice(2), dirname(__dirname))
