'use strict'
// What the executable runs first. The bundles and their V8 code caches lie in it as assets: Node reads nothing else.
const { basename, dirname } = require('node:path')
const { getRawAsset } = require('node:sea')
const vm = require('node:vm')
const { bundleOf } = require('../bin/launch.cjs')

// INSIDE is what scripts/build-executable.mjs puts in its place: the names of what lies inside.
const { bins, assets } = INSIDE

// From a Node that does not know how to be told, its inspector would be open: build-executable.mjs runs it once.
if (!process.execArgv.includes('--disable-sigusr1')) {
  process.stderr.write('linsight: the Node in this executable opens its inspector on a signal\n')
  process.exit(1)
}

// Whoever started it is no part of it, also where it says that it is a Node which may send messages and open sockets for it.
if (process.channel !== undefined) process.removeAllListeners('disconnect').disconnect()

// Node would write a report of what was run, and each thread one, into a folder that the caller names.
if (process.env.NODE_V8_COVERAGE !== undefined) {
  require('node:v8').stopCoverage()
  delete process.env.NODE_V8_COVERAGE
}

const words = process.argv.slice(2)
const called = basename(process.argv0)
const bin = bins.find(name => name === called) ?? 'linsight'
const { name, cacheName } = bundleOf(bin, words, group => assets.includes(`${group}.cjs`))
const cache = `${cacheName}.cache`
const filename = `${name}.cjs`
const script = new vm.Script(Buffer.from(getRawAsset(filename)).latin1Slice(), {
  filename,
  cachedData: assets.includes(cache) ? Buffer.from(getRawAsset(cache)) : undefined,
  importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
const module_ = { exports: {} }
const folder = dirname(process.execPath)
script.runInThisContext()(module_.exports, require, module_, filename, folder)
void module_.exports(bin, words, folder)
