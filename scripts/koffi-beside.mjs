// An esbuild plugin: in the executable, koffi's native part lies beside it, as `linsight-koffi.node`. It is code, and the
// executable may have been given capabilities: it is taken only where whoever put it there could have replaced the
// executable itself.

const KOFFI_BESIDE = `
  const { dirname, join } = require('node:path')
  const { closeSync, constants, fstatSync, lstatSync, openSync, statSync } = require('node:fs')
  const { dlopen } = require('node:os').constants

  const folder = dirname(process.execPath)
  const file = join(folder, 'linsight-koffi.node')
  // Of the program that runs: its name may be another file's by now.
  const { uid } = statSync('/proc/self/exe')
  const isTrusted = stats => stats.uid === uid && (stats.mode & 0o022) === 0
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    // A hard link of the executable may be anywhere, so its folder counts too.
    if (!stats.isFile() || !isTrusted(stats) || !isTrusted(lstatSync(folder)))
      throw new Error(file + ' may have been put there by another than the owner of ' + process.execPath)
    const native = { exports: {} }
    // What was looked at, not what has its name now.
    process.dlopen(native, '/proc/self/fd/' + fd, dlopen.RTLD_NOW)
    module.exports = native.exports
  } finally {
    closeSync(fd)
  }`

export const koffiBeside = {
  name: 'koffi-beside',
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, namespace: 'koffi-beside' }))
    build.onLoad({ filter: /.*/, namespace: 'koffi-beside' }, () => ({ contents: KOFFI_BESIDE }))
  },
}
