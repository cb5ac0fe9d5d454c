// Puts the versions of Node and npm that we support under node_modules/.cache, for the tests that run on each of them, and
// for executables, which are built from the newest Node of each machine.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Major version → the version. */
export const NODES = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' }

/** Major version → the version; each with the Node that it is given with. */
export const NPMS = { 10: '10.9.9', 11: '11.21.2', 12: '12.2.0' }

const cache = fileURLToPath(new URL('../node_modules/.cache', import.meta.url))

/** Fetches the Node of this major version from the npm registry, where it is not there yet; the path of the program. */
export function installNode(major, arch = process.arch) {
  // The package `node` fetches the binary in an install script, which npm blocks; this is the package it would fetch.
  const name = `node-${process.platform}-${arch}`
  const place = arch === process.arch ? String(major) : `${major}-${arch}`
  return join(installPackage(join('nodes', place), name, NODES[major], arch), 'bin/node')
}

/** The same of npm; the path of the program for Node. */
export function installNpm(major) {
  return join(installPackage(join('npms', String(major)), 'npm', NPMS[major]), 'bin/npm-cli.js')
}

/** The folder of a package, fetched where it is not there yet; `arch`: of the machine that it is for. */
export function installPackage(place, name, version, arch = process.arch) {
  const target = join(cache, place)
  const folder = join(target, 'node_modules', name)
  const stamp = join(target, 'version')
  if (existsSync(folder) && existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return folder
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'package.json'), '{"private":true}')
  // npm refuses a package for another machine.
  const other = arch === process.arch ? [] : ['--force', '--loglevel=error']
  execFileSync('npm', ['install', ...other, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`], {
    cwd: target,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  writeFileSync(stamp, version)
  return folder
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const major of Object.keys(NODES)) installNode(major)
  for (const arch of ['x64', 'arm64']) installNode(Object.keys(NODES).at(-1), arch)
  for (const major of Object.keys(NPMS)) installNpm(major)
}
