// Builds out/linsight: one file with Node, every command and their code caches inside (a Node single executable
// application), and koffi's native part beside it. docs/install.md says what it may be given and why that is safe.
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from './build.mjs'
import { installNode, installPackage, NODES } from './install-nodes.mjs'
import { koffiBeside } from './koffi-beside.mjs'
import { withoutConfigFile } from './without-config-file.mjs'

const NEWEST = Object.keys(NODES).at(-1)
const USAGE = `usage: npm run build:executable [-- --node PATH] [-- --arch x64|arm64] [-- --out FOLDER]

Writes FOLDER/linsight (default out/) from the Node at PATH, which is 22 or newer (default: Node ${NODES[NEWEST]} of the npm
registry), and FOLDER/linsight-koffi.node. --arch, for another machine than this: default folder out/ARCH, no code caches.
`

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

/** Older ones open an inspector on SIGUSR1, and no option prevents it: whoever may connect could run code in it. */
const LEAST_NODE = 22

/** What postject looks for in Node. Source: Node's documentation of single executable applications. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** As binutils for another machine are named. */
const TRIPLES = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

/** Runs that leave the caches behind: a cache holds the functions that its run called. */
const WARM_UP = [
  'linsight --version',
  'linsight --help',
  'mynetstat -ntlp',
  'mynetstat -antp --from fixtures/zoo.snap.json',
  'tw-stats --from fixtures/zoo.snap.json',
  'trace-syscalls --from fixtures/strace/zoo.log',
  'linsight bpf list',
  'linsight snapshot show fixtures/zoo.snap.json',
  'linsight diagnose --fail-on never --from fixtures/diagnose/accept-queue-full.diag.json',
]

try {
  const string = { type: 'string' }
  const { values } = parseArgs({ options: { node: string, arch: string, out: string } })
  const { arch = process.arch, node, out = arch === process.arch ? 'out' : `out/${arch}` } = values
  if (!Object.hasOwn(TRIPLES, arch)) throw new Error(`there is no executable for ${arch}, only for x64 and arm64`)
  if (arch === process.arch) await buildExecutable(node ?? installNode(NEWEST), { arch, out: resolve(out) })
  else if (node === undefined) await buildExecutable(installNode(NEWEST), { arch, out: resolve(out) })
  else
    throw new Error('--node is for executables of this machine: that for another is made of two Nodes of one version')
} catch (error) {
  const isUsage = /^ERR_PARSE_ARGS/.test(error.code ?? '')
  process.stderr.write(`build:executable: ${error.message}\n${isUsage ? USAGE : ''}`)
  process.exitCode = isUsage ? 2 : 3
}

/** `node`: one that runs here. For another `arch` it makes what is put into the Node of that one. */
async function buildExecutable(node, { arch, out }) {
  const isOurs = arch === process.arch
  const version = run(node, ['--version']).trim()
  if (Number(/^v(\d+)\./.exec(version)?.[1]) < LEAST_NODE) {
    throw new Error(
      `${node} is Node ${version}, and an executable is built from Node ${LEAST_NODE} or newer: signals open the inspector of an older one`,
    )
  }
  // Of a folder that others may write to, koffi is not loaded.
  mkdirSync(out, { recursive: true, mode: 0o755 })
  const folder = mkdtempSync(join(out, '.building-'))
  try {
    const exe = join(folder, 'linsight')
    strip(isOurs ? node : installNode(NEWEST, arch), exe, arch)
    withoutConfigFile(exe, arch)
    copyFileSync(koffi(arch), join(folder, 'linsight-koffi.node'))
    const groups = await bundle(join(folder, 'dist'), { koffi: koffiBeside, library: false })
    // A code cache is machine code, and V8 makes that of the machine it runs on.
    const assets = { ...bundles(folder, groups), ...(isOurs && caches(folder, groups, exe)) }
    inject(exe, await blobOf(folder, node, { assets, useCodeCache: isOurs }))
    chmodSync(exe, 0o755)
    if (isOurs) checkWords(exe)
    const ready = { 'linsight-koffi.node': 0o644, linsight: 0o755 }
    writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licences(folder, node, version))
    for (const [name, mode] of Object.entries(ready)) {
      chmodSync(join(folder, name), mode)
      renameSync(join(folder, name), join(out, name))
    }
    const megabytes = (statSync(join(out, 'linsight')).size / 1e6).toFixed(0)
    process.stdout.write(`${join(out, 'linsight')}: ${megabytes} MB, Node ${version} for ${arch}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Node without symbols, a seventh of it. Afterwards nothing may be taken out any more: the executable would crash. */
function strip(node, exe, arch) {
  copyFileSync(node, exe)
  chmodSync(exe, 0o755)
  const tool = arch === process.arch ? 'strip' : `${TRIPLES[arch]}-strip`
  const { error, status } = spawnSync(tool, [exe])
  if (error !== undefined || status !== 0)
    process.stderr.write(`build:executable: there is no ${tool} (of binutils), so it gets 18 MB larger\n`)
}

/** Node takes the words of its own command line for options, the name it is called by among them: none may reach it. */
function checkWords(exe) {
  const runs = [
    [['--version'], { argv0: '--require=/nowhere/planted.js' }, /^linsight\//],
    [
      ['mynetstat', '--experimental-config-file=/nowhere'],
      {},
      /^linsight: there is no flag --experimental-config-file/,
    ],
  ]
  for (const [words, options, expected] of runs) {
    const { stdout, stderr, error } = spawnSync(exe, words, { encoding: 'utf8', ...options })
    if (error !== undefined) throw new Error(`what was built does not start: ${error.message}`)
    if (!expected.test(stdout + stderr))
      throw new Error(`this Node does not leave ${words.join(' ')} to us: ${stderr.trim()}`)
  }
}

/** Those of what the bundles hold, of koffi and of Node, which a distribution may keep elsewhere. */
function licences(folder, node, version) {
  const read = file => readFileSync(file, 'utf8').trim()
  const { version: koffiVersion, license } = JSON.parse(read(join(root, 'node_modules/koffi/package.json')))
  const ofNode = ['../LICENSE', '../share/doc/node/LICENSE'].map(path => join(dirname(realpathSync(node)), path))
  const nodeLicence = ofNode.find(file => existsSync(file))
  const texts = [
    read(join(folder, 'dist/THIRD-PARTY-LICENSES.txt')),
    `koffi ${koffiVersion} (${license})\n\n${read(join(root, 'node_modules/koffi/LICENSE.txt'))}`,
    `node ${version.slice(1)} (MIT and others)\n\n${nodeLicence === undefined ? 'See https://github.com/nodejs/node/blob/main/LICENSE' : read(nodeLicence)}`,
  ]
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

function koffi(arch) {
  const { platform } = process
  const name = `@koromix/koffi-${platform}-${arch}`
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/koffi/package.json'), 'utf8'))
  const own = join(root, 'node_modules', name)
  const folder = arch === process.arch ? own : installPackage(join('koffi', arch), name, version, arch)
  const file = join(folder, `${platform}_${arch}/koffi.node`)
  if (!existsSync(file)) throw new Error('the optional package koffi is not installed: run npm ci')
  return file
}

/** Asset → its file. */
function bundles(folder, groups) {
  return Object.fromEntries(groups.map(name => [`${name}.cjs`, join(folder, `dist/${name}.cjs`)]))
}

/** Asset → the file of a code cache, left behind by the launcher of the package under the Node that will take them. */
function caches(folder, groups, node) {
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true })
  const dist = join(folder, 'dist')
  const helps = groups.filter(group => group !== 'linsight').map(group => `linsight ${group} --help`)
  for (const line of [...WARM_UP, ...helps]) {
    const [bin, ...words] = line.split(' ')
    run(node, [join(folder, `bin/${bin}.cjs`), ...words], { cwd: root })
  }
  const made = readdirSync(dist).filter(name => name.endsWith('.cache'))
  const byName = Object.fromEntries(made.map(name => [name.replace(/-v\d.*/, '.cache'), join(dist, name)]))
  // Better than none, for a command that is not among the runs.
  for (const group of groups) byName[`${group}.cache`] ??= byName[`${group}-help.cache`]
  return byName
}

/** Writes what is put into Node: the program that it starts with, and the assets. */
async function blobOf(folder, node, { assets, useCodeCache }) {
  const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const main = join(folder, 'main.cjs')
  await build({
    entryPoints: [join(root, 'scripts/executable-main.cjs')],
    bundle: true,
    platform: 'node',
    target: `node${LEAST_NODE}`,
    format: 'cjs',
    minify: true,
    logLevel: 'warning',
    define: { INSIDE: JSON.stringify({ bins: Object.keys(bin), assets: Object.keys(assets) }) },
    outfile: main,
  })
  const output = join(folder, 'blob')
  const config = {
    main,
    output,
    assets,
    disableExperimentalSEAWarning: true,
    useCodeCache,
    // Behind `--` there is no option: Node would take the name that it is called by for one, and that is the caller's choice.
    execArgv: ['--disable-sigusr1', '--'],
    // NODE_OPTIONS is not read.
    execArgvExtension: 'none',
  }
  const file = join(folder, 'sea.json')
  writeFileSync(file, JSON.stringify(config))
  run(node, ['--experimental-sea-config', file])
  return output
}

/** As a program: what it uses warns on stderr of sections without a name, which `strip` leaves behind. */
function inject(exe, blob) {
  const postject = join(dirname(require.resolve('postject/package.json')), 'dist/cli.js')
  run(process.execPath, [postject, exe, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE])
}

function run(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options })
  if (error !== undefined) throw new Error(`${command} could not be started: ${error.message}`)
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.trim()}`)
  return stdout
}
