'use strict'
// Writes the V8 code cache of every bundle in dist/ for the Node that runs this. A cache holds the functions compiled so
// far, so the runs below go first, their output thrown away.
const { existsSync, rmSync, writeFileSync } = require('node:fs')
const { join, dirname } = require('node:path')
const launch = require('../bin/launch.cjs')

const root = dirname(__dirname)
const recording = join(root, 'fixtures', 'zoo.snap.json')
const replay = join(root, 'fixtures', 'bpf', 'opensnoop.ndjson')

/** Typical runs on bundled recordings: what they call starts fast. */
const RUNS = [
  ['linsight', ['--help']],
  ['linsight', ['--version']],
  ['linsight', ['no-such-command']],
  ['linsight', ['snapshot', '--help']],
  ['linsight', ['snapshot', 'show', recording]],
  ['linsight', ['bpf', 'doctor']],
  ['linsight', ['bpf', 'list', 'tcp']],
  ['linsight', ['bpf', 'run', '--help']],
  ['linsight', ['bpf', 'replay', replay]],
  ['mynetstat', ['--help']],
  ['mynetstat', ['--version']],
  ['mynetstat', ['-ntlp', '--from', recording]],
  ['mynetstat', ['-antp', '--json', '--from', recording]],
  ['mynetstat', ['-antp', '--compat', '--from', recording]],
  ['tw-stats', ['--help']],
  ['tw-stats', ['--from', recording]],
  ['tw-stats', ['--json', '--from', recording]],
  ['trace-syscalls', ['--help']],
  ['trace-syscalls', ['--from', join(root, 'fixtures', 'strace', 'go-tcp-server.txt')]],
  ['trace-syscalls', ['--json', '--from', join(root, 'fixtures', 'strace', 'zoo.log')]],
]

async function main() {
  // In a checkout this runs once before the build: nothing to do yet.
  if (!existsSync(join(root, 'dist', 'linsight.cjs'))) return
  const scripts = new Map()
  await inSilence(async () => {
    for (const [bin, argv] of RUNS) {
      const bundle = launch.bundleOf(bin, argv)
      if (!scripts.has(bundle)) {
        rmSync(launch.cacheFile(bundle), { force: true })
        scripts.set(bundle, launch.load(bundle))
      }
      await scripts.get(bundle).run(bin, argv, root)
    }
    // The commands of this machine, where there are any: reading /proc itself.
    if (process.platform === 'linux') {
      await scripts.get('mynetstat').run('mynetstat', ['-ntlp'], root)
      await scripts.get('tw-stats').run('tw-stats', [], root)
    }
  })
  for (const [bundle, { script }] of scripts) writeFileSync(launch.cacheFile(bundle), script.createCachedData())
  process.exitCode = 0
}

async function inSilence(work) {
  const { write } = process.stdout
  const { write: writeError } = process.stderr
  process.stdout.write = process.stderr.write = (_chunk, encoding, done) => {
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback) callback()
    return true
  }
  try {
    await work()
  } finally {
    process.stdout.write = write
    process.stderr.write = writeError
  }
}

main().catch(error => {
  // Without a cache everything works, only slower: say it and go on.
  process.stderr.write(`no code cache written: ${error.message}\n`)
})
