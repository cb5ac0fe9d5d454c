// An esbuild plugin: leaves out of the bundle what oclif loads but we never use, and loads each module of oclif when it is
// first used. Where a new oclif no longer has what is changed here, the build fails.
import { readFileSync } from 'node:fs'

/** Plugin discovery, configuration search, WSL detection and progress on a terminal: nothing of ours needs them. */
const UNUSED = {
  tinyglobby: 'module.exports = {glob() { throw new Error("not bundled") }}',
  lilconfig: 'module.exports = {lilconfig() { throw new Error("not bundled") }}',
  minimatch: 'module.exports = {minimatch: () => false}',
  'get-package-type': 'module.exports = {sync: () => "module"}',
  'wsl-utils': 'module.exports = {isWsl: false, powerShellPath: () => ""}',
  typescript: 'throw new Error("not bundled")',
  './action/spinner': 'module.exports = require("./action/simple")',
}

/** `debug` costs 3 ms and is only wanted with DEBUG set. */
const DEBUG_ON_DEMAND = `
  const silent = () => Object.assign(() => {}, {enabled: false, extend: silent})
  module.exports = process.env.DEBUG
    ? require('debug')
    : Object.assign(silent, {default: silent, enable() {}, disable() {}, enabled: () => false, formatters: {}})`

/** How TypeScript writes an import: `const x_1 = require("x")`, with a helper of its own around it or without. */
const IMPORT = /^(?:const|var) (\w+_\d+) = (.*\brequire\(".*\));$/gm

export const slimOclif = {
  name: 'slim-oclif',
  setup(build) {
    const met = new Set()
    const unused = new RegExp(`^(${Object.keys(UNUSED).join('|')})$`)
    build.onResolve({ filter: unused }, ({ path, resolveDir }) => ({
      path,
      namespace: 'unused',
      pluginData: resolveDir,
    }))
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path, pluginData }) => {
      met.add(path)
      return { contents: UNUSED[path], resolveDir: pluginData, loader: 'js' }
    })
    build.onResolve({ filter: /^debug$/ }, ({ path, namespace, resolveDir }) =>
      namespace === 'debug-on-demand' ? undefined : { path, namespace: 'debug-on-demand', pluginData: resolveDir },
    )
    build.onLoad({ filter: /.*/, namespace: 'debug-on-demand' }, ({ pluginData }) => {
      met.add('debug')
      return { contents: DEBUG_ON_DEMAND, resolveDir: pluginData, loader: 'js' }
    })
    build.onLoad({ filter: /\/@oclif\/core\/lib\/.*\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const contents = withImportsOnUse(text)
      if (contents !== text) met.add('modules by const x_1 = require("x")')
      return { contents, loader: 'js' }
    })
    build.onEnd(() => {
      const expected = [...Object.keys(UNUSED), 'debug', 'modules by const x_1 = require("x")']
      const missing = expected.filter(what => !met.has(what))
      if (missing.length > 0) throw new Error(`oclif no longer loads ${missing.join(', ')}: see slim-oclif.mjs`)
    })
  },
}

/** `x_1.y` becomes `(x_1()).y`, which loads the module at its first use. */
function withImportsOnUse(text) {
  const names = []
  const deferred = text.replaceAll(IMPORT, (_, name, load) => {
    names.push(name)
    return `var ${name}$; function ${name}() { return ${name}$ ??= ${load}; }`
  })
  return names.reduce(
    (code, name) => code.replaceAll(new RegExp(`\\b${name}\\b(?!\\$|\\(\\) {)`, 'g'), `(${name}())`),
    deferred,
  )
}
