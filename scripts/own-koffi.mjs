// An esbuild plugin: koffi is native code, which cannot be bundled. It is loaded from the package's own packages, or from
// those it is installed among, and never from where Node looks else: under sudo that may be a folder of the user's.

const OWN_KOFFI = `
  const { basename, join } = require('node:path')
  const around = join(__dirname, '../..')
  try {
    module.exports = require('../node_modules/koffi')
  } catch (error) {
    if (basename(around) !== 'node_modules') throw error
    module.exports = require(join(around, 'koffi'))
  }`

export const ownKoffi = {
  name: 'own-koffi',
  setup(build) {
    build.onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, namespace: 'own-koffi' }))
    build.onLoad({ filter: /.*/, namespace: 'own-koffi' }, () => ({ contents: OWN_KOFFI }))
    build.onResolve({ filter: /\/koffi$/, namespace: 'own-koffi' }, ({ path }) => ({ path, external: true }))
  },
}
