// Puts the Node versions we support under node_modules/.cache/nodes, for the tests that run on each of them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSIONS = ['20.20.2', '22.23.3', '24.21.0']
const folder = fileURLToPath(new URL('../node_modules/.cache/nodes', import.meta.url))

for (const version of VERSIONS) {
  const target = join(folder, version.split('.')[0])
  if (existsSync(join(target, 'version')) && existsSync(join(target, 'node_modules'))) continue
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'package.json'), '{"private":true}')
  // The package `node` fetches the binary in an install script, which npm blocks; this is the package it would fetch.
  execFileSync(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', `node-${process.platform}-${process.arch}@${version}`],
    { cwd: target, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  writeFileSync(join(target, 'version'), version)
}
