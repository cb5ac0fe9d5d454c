// An esbuild plugin: koffi is native code, which cannot be bundled. It is loaded from the package's own packages, or from
// those it is installed among, and never from where Node looks else: under sudo that may be a folder of the user's.
// Its native part is loaded as it is where it lies where npm puts it: that takes 1 ms, with koffi's own loader 5.

const OWN_KOFFI = `
  const { basename, join } = require('node:path')
  const { realpathSync } = require('node:fs')
  const { platform, arch } = process

  /** The native part is made for one C library: on a machine with another, loading it fails and koffi finds the right one. */
  function koffiIn(packages) {
    const koffi = realpathSync(join(packages, 'koffi'))
    const native = { exports: {} }
    try {
      const folder = join(koffi, '../@koromix', \`koffi-\${platform}-\${arch}\`, \`\${platform}_\${arch}\`)
      process.dlopen(native, join(folder, 'koffi.node'))
      return native.exports
    } catch {
      return require(koffi)
    }
  }

  const around = join(__dirname, '../..')
  try {
    module.exports = koffiIn(join(__dirname, '../node_modules'))
  } catch (error) {
    if (basename(around) !== 'node_modules') throw error
    module.exports = koffiIn(around)
  }`

export const ownKoffi = {
  name: 'own-koffi',
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, namespace: 'own-koffi' }))
    build.onLoad({ filter: /.*/, namespace: 'own-koffi' }, () => ({ contents: OWN_KOFFI }))
  },
}
