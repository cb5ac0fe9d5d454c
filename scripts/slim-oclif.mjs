// An esbuild plugin: leaves out of the bundle what oclif loads but we never use, and defers what it rarely uses.
import { readFileSync } from 'node:fs'

/** Plugin discovery, configuration search and WSL detection: all unused with an in-memory root plugin. */
const UNUSED = {
  tinyglobby: 'module.exports = {glob() { throw new Error("not bundled") }}',
  lilconfig: 'module.exports = {lilconfig() { throw new Error("not bundled") }}',
  minimatch: 'module.exports = {minimatch: () => false}',
  'get-package-type': 'module.exports = {sync: () => "module"}',
  'wsl-utils': 'module.exports = {isWsl: false, powerShellPath: () => ""}',
}

/** `debug` costs 3 ms and is only wanted with DEBUG set. */
const DEBUG_ON_DEMAND = `
  const silent = () => Object.assign(() => {}, {enabled: false, extend: silent})
  module.exports = process.env.DEBUG
    ? require('debug')
    : Object.assign(silent, {default: silent, enable() {}, disable() {}, enabled: () => false, formatters: {}})`

export const slimOclif = {
  name: 'slim-oclif',
  setup(build) {
    const unused = new RegExp(`^(${Object.keys(UNUSED).join('|')})$`)
    build.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }))
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: UNUSED[path], loader: 'js' }))
    build.onResolve({ filter: /^debug$/ }, ({ path, namespace, resolveDir }) =>
      namespace === 'debug-on-demand' ? undefined : { path, namespace: 'debug-on-demand', pluginData: resolveDir },
    )
    build.onLoad({ filter: /.*/, namespace: 'debug-on-demand' }, ({ pluginData }) => ({
      contents: DEBUG_ON_DEMAND,
      resolveDir: pluginData,
      loader: 'js',
    }))
    build.onLoad({ filter: /@oclif\/core\/lib\/(parser\/parse|util\/os)\.js$/ }, ({ path }) => ({
      loader: 'js',
      contents: readFileSync(path, 'utf8')
        .replace(
          'const node_readline_1 = require("node:readline");',
          'const node_readline_1 = {get createInterface() { return require("node:readline").createInterface }};',
        )
        .replace(
          'const node_child_process_1 = require("node:child_process");',
          'const node_child_process_1 = {get execSync() { return require("node:child_process").execSync }};',
        ),
    }))
  },
}
