// Puts the Node versions we support under node_modules/.cache/nodes, for the tests that run on each of them, and for the
// executable, which is built from the newest of them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Major version → the version. */
export const NODES = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' }

const folder = fileURLToPath(new URL('../node_modules/.cache/nodes', import.meta.url))

/** Fetches the Node of this major version from the npm registry, where it is not there yet; the path of the program. */
export function installNode(major) {
  const version = NODES[major]
  const target = join(folder, String(major))
  const name = `node-${process.platform}-${process.arch}`
  const node = join(target, 'node_modules', name, 'bin/node')
  if (existsSync(join(target, 'version')) && existsSync(node)) return node
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'package.json'), '{"private":true}')
  // The package `node` fetches the binary in an install script, which npm blocks; this is the package it would fetch.
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', `${name}@${version}`], {
    cwd: target,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  writeFileSync(join(target, 'version'), version)
  return node
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  for (const major of Object.keys(NODES)) installNode(major)
