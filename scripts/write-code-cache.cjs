'use strict'
// Writes the V8 code cache of dist/linsight.cjs for the Node that runs this. The cache holds the functions compiled so
// far, so each bin runs once first, its output thrown away.
const { rmSync, writeFileSync } = require('node:fs')
const { join, dirname } = require('node:path')
const launch = require('../bin/launch.cjs')

const root = dirname(__dirname)
const recording = join(root, 'fixtures', 'zoo.snap.json')
const replay = join(root, 'fixtures', 'bpf', 'opensnoop.ndjson')
const RUNS = [
  ['linsight', ['--help']],
  ['linsight', ['--version']],
  ['linsight', ['no-such-command']],
  ['linsight', ['bpf', 'doctor']],
  ['linsight', ['bpf', 'list', 'tcp']],
  ['linsight', ['bpf', 'run', '--help']],
  ['linsight', ['bpf', 'replay', replay]],
  ['mynetstat', ['--help']],
  ['mynetstat', ['-ntlp', '--from', recording]],
  ['mynetstat', ['-antp', '--json', '--from', recording]],
]

async function main() {
  rmSync(launch.cacheFile, { force: true })
  const { run, script } = launch.load()
  const { write } = process.stdout
  const { write: writeError } = process.stderr
  process.stdout.write = process.stderr.write = (_chunk, encoding, done) => {
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback) callback()
    return true
  }
  try {
    for (const [bin, argv] of RUNS) await run(bin, argv, root)
  } finally {
    process.stdout.write = write
    process.stderr.write = writeError
  }
  writeFileSync(launch.cacheFile, script.createCachedData())
  process.exitCode = 0
}

main().catch(error => {
  // Without a cache everything works, only slower: say it and go on.
  process.stderr.write(`no code cache written: ${error.message}\n`)
})
