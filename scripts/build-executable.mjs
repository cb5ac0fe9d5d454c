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
import { installNode, NODES } from './install-nodes.mjs'
import { koffiBeside } from './koffi-beside.mjs'

const NEWEST = Object.keys(NODES).at(-1)
const USAGE = `usage: npm run build:executable [-- --node PATH] [-- --out FOLDER]

Writes FOLDER/linsight (default out/) from the Node at PATH, which is 22 or newer (default: Node ${NODES[NEWEST]} of the npm
registry), and FOLDER/linsight-koffi.node.
`

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const require = createRequire(import.meta.url)

/** Older ones open an inspector on SIGUSR1, and no option prevents it: whoever may connect could run code in it. */
const LEAST_NODE = 22

/** What postject looks for in Node. Source: Node's documentation of single executable applications. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

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
  const { values } = parseArgs({ options: { node: { type: 'string' }, out: { type: 'string', default: 'out' } } })
  await buildExecutable(values.node ?? installNode(NEWEST), resolve(values.out))
} catch (error) {
  const isUsage = /^ERR_PARSE_ARGS/.test(error.code ?? '')
  process.stderr.write(`build:executable: ${error.message}\n${isUsage ? USAGE : ''}`)
  process.exitCode = isUsage ? 2 : 3
}

async function buildExecutable(node, out) {
  const version = run(node, ['--version']).trim()
  if (Number(/^v(\d+)\./.exec(version)?.[1]) < LEAST_NODE) {
    throw new Error(
      `${node} is Node ${version}, and an executable is built from Node ${LEAST_NODE} or newer: signals open the inspector of an older one`,
    )
  }
  mkdirSync(out, { recursive: true })
  const folder = mkdtempSync(join(out, '.building-'))
  try {
    const exe = join(folder, 'linsight')
    strip(node, exe)
    copyFileSync(koffi(), join(folder, 'linsight-koffi.node'))
    const groups = await bundle(join(folder, 'dist'), { koffi: koffiBeside, library: false })
    const assets = { ...bundles(folder, groups), ...caches(folder, groups, exe) }
    inject(exe, await blobOf(folder, node, assets))
    chmodSync(exe, 0o755)
    run(exe, ['--version'])
    const ready = { 'linsight-koffi.node': 0o644, linsight: 0o755 }
    writeFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), licences(folder, node, version))
    for (const [name, mode] of Object.entries(ready)) {
      chmodSync(join(folder, name), mode)
      renameSync(join(folder, name), join(out, name))
    }
    const megabytes = (statSync(join(out, 'linsight')).size / 1e6).toFixed(0)
    process.stdout.write(`${join(out, 'linsight')}: ${megabytes} MB, Node ${version}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Node without symbols, a seventh of it. Afterwards nothing may be taken out any more: the executable would crash. */
function strip(node, exe) {
  copyFileSync(node, exe)
  chmodSync(exe, 0o755)
  if (spawnSync('strip', ['--version']).error === undefined) run('strip', [exe])
  else process.stderr.write('build:executable: there is no strip (of binutils), so it gets 18 MB larger\n')
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

function koffi() {
  const { platform, arch } = process
  const file = join(root, `node_modules/@koromix/koffi-${platform}-${arch}/${platform}_${arch}/koffi.node`)
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
async function blobOf(folder, node, assets) {
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
    useCodeCache: true,
    execArgv: ['--disable-sigusr1'],
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
