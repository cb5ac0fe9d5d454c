'use strict'
// Runs a bundle of dist/ with its V8 code cache, which the first run that may write there leaves behind it.
//
// A code cache is code: who can write it decides what the next user of this program runs, root included. So it lies beside
// the bundle it belongs to, where nobody gains anything who could not replace the bundle itself; it is taken only from the
// bundle's owner, and written only by the owner of the folder. docs/start-up.md tells more.
const fs = require('node:fs')
const { join, dirname } = require('node:path')
const vm = require('node:vm')

const root = dirname(__dirname)
const DAY_MS = 86_400_000
/** What calls few functions has a cache of its own: it would be a poor one for a command that does its work. */
const ASIDE = new Map([
  ['--help', '-help'],
  ['-h', '-help'],
  ['--version', '-version'],
  ['-V', '-version'],
])

/** Runs `bin` with `argv`; the bundles are in `folder`. */
async function start(bin, argv = process.argv.slice(2), folder = join(root, 'dist')) {
  const { name, cacheName } = bundleOf(bin, argv, group => fs.existsSync(join(folder, `${group}.cjs`)))
  const file = join(folder, `${name}.cjs`)
  let bundle
  let source
  try {
    bundle = fs.statSync(file)
    source = fs.readFileSync(file, 'latin1')
  } catch {
    process.stderr.write('linsight is not built: run npm ci (or npm run build) in its folder\n')
    process.exit(1)
  }
  // It tells a bundle from the one before it: V8 itself compares no more than their lengths.
  const made = Math.trunc(bundle.mtimeMs / 1000)
  const cacheFile = join(folder, `${cacheName}-${process.version}-${process.arch}-${made}.cache`)
  const cache = readCache(cacheFile, bundle.uid)
  const script = new vm.Script(source, {
    filename: file,
    cachedData: cache?.data,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, require, module, file, folder)
  await module.exports(bin, argv, root)
  // A cache holds the functions compiled so far: too few where a run failed.
  if (process.exitCode) return
  // One that V8 rejects is damaged, or was made with other V8 options: two such users are not to write in turn.
  if (cache === undefined || (script.cachedDataRejected && Date.now() - cache.writtenAt > DAY_MS))
    writeCache(cacheFile, bundle.uid, script)
}

/**
 * Which bundle holds what was asked for, and which cache is for it: a command's own, or the umbrella's, which knows every
 * command's help and the version. `exists`: whether there is a bundle of this name.
 */
function bundleOf(bin, argv, exists) {
  const group = bin === 'linsight' ? /^[a-z_-]+/.exec(argv[0] ?? '')?.[0] : bin
  const isAside = argv.length === 1 && ASIDE.has(argv[0])
  const name = !isAside && group !== undefined && exists(group) ? group : 'linsight'
  return { name, cacheName: `${name}${ASIDE.get(argv.at(-1)) ?? ''}` }
}

function readCache(file, owner) {
  let descriptor
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW)
    const { uid, mode, mtimeMs } = fs.fstatSync(descriptor)
    if (uid !== owner || (mode & 0o022) !== 0) return undefined
    return { data: fs.readFileSync(descriptor), writtenAt: mtimeMs }
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor)
  }
}

/** Puts it in place whole, if bundle and folder are ours: under sudo, root leaves nothing in a folder of the user's. */
function writeCache(file, owner, script) {
  const fresh = file.replace(/cache$/, `${process.pid}.cache`)
  let descriptor
  try {
    if ([owner, fs.statSync(dirname(file)).uid].some(uid => uid !== process.geteuid?.())) return
    descriptor = fs.openSync(fresh, 'wx')
    fs.writeFileSync(descriptor, script.createCachedData())
    fs.fchmodSync(descriptor, 0o644)
    fs.renameSync(fresh, file)
  } catch {
    // Everything works without it, only slower.
    if (descriptor !== undefined) fs.rmSync(fresh, { force: true })
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor)
  }
}

module.exports = { start, bundleOf }
