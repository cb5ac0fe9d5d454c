// An esbuild plugin: in the executable, koffi's native part lies beside it, as `linsight-koffi.node`. It is code, and the
// executable may have been given capabilities: it is taken only where whoever put it there could have replaced the
// executable itself.

const KOFFI_BESIDE = `
  const { dirname, join } = require('node:path')
  const { lstatSync, statSync } = require('node:fs')
  const { constants } = require('node:os')

  const program = process.execPath
  const folder = dirname(program)
  const file = join(folder, 'linsight-koffi.node')
  const { uid } = statSync(program)
  const isTrusted = stats => stats.uid === uid && (stats.mode & 0o022) === 0
  // A hard link of the executable may be anywhere, so its folder counts too.
  if (!lstatSync(file).isFile() || ![folder, file].every(path => isTrusted(lstatSync(path))))
    throw new Error(file + ' may have been put there by another than the owner of ' + program)
  const native = { exports: {} }
  process.dlopen(native, file, constants.dlopen.RTLD_NOW)
  module.exports = native.exports`

export const koffiBeside = {
  name: 'koffi-beside',
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, namespace: 'koffi-beside' }))
    build.onLoad({ filter: /.*/, namespace: 'koffi-beside' }, () => ({ contents: KOFFI_BESIDE }))
  },
}
