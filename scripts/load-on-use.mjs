// An esbuild plugin: what costs about half a millisecond to load, and most runs do not need, is loaded when it is first
// used.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

const BUILTIN = ['node:child_process', 'node:dns/promises', 'node:worker_threads', 'node:zlib']

/** Module → what stands for it in the bundle. */
const STAND_INS = {
  ...Object.fromEntries(BUILTIN.map(name => [name, gettersOf(name)])),
  // For text that is not ASCII. Its default export is all there is.
  'fast-string-width': 'module.exports = text => require("fast-string-width").default(text)',
}

function gettersOf(name) {
  const getters = Object.keys(require(name)).map(key => `get ${key}() { return load().${key} }`)
  return `let loaded; const load = () => loaded ??= require('${name}'); module.exports = {${getters.join()}}`
}

/** What esbuild calls the stand-ins among a bundle's inputs. */
export const standIns = Object.keys(STAND_INS).map(name => `on-use:${name}`)

export const loadOnUse = {
  name: 'load-on-use',
  setup(build) {
    const names = new RegExp(`^(${Object.keys(STAND_INS).join('|')})$`)
    build.onResolve({ filter: names }, ({ path, namespace, resolveDir }) =>
      namespace === 'on-use' ? undefined : { path, namespace: 'on-use', pluginData: resolveDir },
    )
    build.onLoad({ filter: /.*/, namespace: 'on-use' }, ({ path, pluginData }) => ({
      contents: STAND_INS[path],
      resolveDir: pluginData,
    }))
  },
}
