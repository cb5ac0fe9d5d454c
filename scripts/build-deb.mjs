// Builds out/linsight_VERSION_ARCH.deb from the executable of build-executable.mjs: the commands, their man pages and
// completions, and linsight-capabilities. Nothing of Debian is needed but dpkg-deb.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { COMPLETION_FILES } from './write-hands.mjs'

const USAGE = `usage: npm run build:deb [-- --executable FOLDER] [-- --arch x64|arm64] [-- --out FOLDER] [-- --fast]

Packs what npm run build:executable makes for this machine or --arch, or has made into FOLDER, with --out into another
folder than out/. --fast compresses little.
`

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const debian = join(root, 'deploy/debian')
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' }
/** No mail is read: the domain can never exist. Source: RFC 2606. */
const MAINTAINER = 'the linsight authors <linsight@linsight.invalid>'

try {
  const string = { type: 'string' }
  const { values } = parseArgs({
    options: { executable: string, arch: string, out: string, fast: { type: 'boolean', default: false } },
  })
  buildDeb(values)
} catch (error) {
  const isUsage = /^ERR_PARSE_ARGS/.test(error.code ?? '')
  process.stderr.write(`build:deb: ${error.message}\n${isUsage ? USAGE : ''}`)
  process.exitCode = isUsage ? 2 : 3
}

function buildDeb({ executable: given, arch = process.arch, out = join(root, 'out'), fast }) {
  const architecture = ARCHITECTURES[arch]
  if (architecture === undefined) throw new Error(`there is no package for ${arch}, only for x64 and arm64`)
  if (spawnSync('dpkg-deb', ['--version']).error !== undefined)
    throw new Error('there is no dpkg-deb: apt-get install dpkg')
  const executable = given ?? join(root, arch === process.arch ? 'out' : `out/${arch}`)
  if (given === undefined) {
    const script = join(root, 'scripts/build-executable.mjs')
    execFileSync(process.execPath, [script, '--arch', arch, '--out', executable], { stdio: 'inherit' })
  }
  const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  mkdirSync(out, { recursive: true })
  const tree = mkdtempSync(join(out, '.deb-'))
  chmodSync(tree, 0o755)
  try {
    layOut(tree, { executable, version, names: Object.keys(bin) })
    writeControl(tree, { version, architecture })
    const file = resolve(out, `linsight_${version}_${architecture}.deb`)
    const packing = fast ? ['-Zgzip', '-z1'] : ['-Zxz', '-z6']
    execFileSync('dpkg-deb', ['--root-owner-group', ...packing, '--build', tree, file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    process.stdout.write(`${file}: ${(statSync(file).size / 1e6).toFixed(0)} MB\n`)
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

function layOut(tree, { executable, version, names }) {
  const put = (path, content, mode = 0o644) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    writeFileSync(join(tree, path), content)
    chmodSync(join(tree, path), mode)
  }
  const copy = (from, path, mode) => put(path, readFileSync(from), mode)
  const packed = (path, content) => put(`${path}.gz`, gzipSync(content, { level: 9 }))
  const link = (path, target) => {
    mkdirSync(dirname(join(tree, path)), { recursive: true })
    symlinkSync(target, join(tree, path))
  }
  mkdirSync(join(tree, 'usr/lib/linsight'), { recursive: true })
  for (const name of ['linsight', 'linsight-koffi.node'])
    copyFileSync(join(executable, name), join(tree, 'usr/lib/linsight', name))
  for (const name of names) link(`usr/bin/${name}`, '../lib/linsight/linsight')
  copy(join(debian, 'linsight-capabilities'), 'usr/sbin/linsight-capabilities', 0o755)

  for (const page of readdirSync(join(root, 'dist/man')))
    packed(`usr/share/man/man1/${page}`, readFileSync(join(root, 'dist/man', page)))
  const filled = text => text.replaceAll('@VERSION@', version).replaceAll('@DATE@', dayOf(lastChange()))
  packed(
    'usr/share/man/man8/linsight-capabilities.8',
    filled(readFileSync(join(debian, 'linsight-capabilities.8'), 'utf8')),
  )

  const completion = shell => join(root, 'dist/completions', COMPLETION_FILES[shell])
  copy(completion('bash'), 'usr/share/bash-completion/completions/linsight')
  copy(completion('zsh'), 'usr/share/zsh/vendor-completions/_linsight')
  copy(completion('fish'), 'usr/share/fish/vendor_completions.d/linsight.fish')
  for (const name of names.filter(other => other !== 'linsight')) {
    link(`usr/share/bash-completion/completions/${name}`, 'linsight')
    link(`usr/share/fish/vendor_completions.d/${name}.fish`, 'linsight.fish')
  }

  copy(join(root, 'deploy/systemd/linsight-metrics.service'), 'lib/systemd/system/linsight-metrics.service')
  for (const name of ['linsight.rules.yml', 'prometheus.yml']) {
    copy(join(root, 'deploy/prometheus', name), `usr/share/doc/linsight/examples/${name}`)
  }
  copy(join(root, 'deploy/grafana/linsight.json'), 'usr/share/doc/linsight/examples/grafana.json')

  const doc = 'usr/share/doc/linsight'
  const licence = readFileSync(join(root, 'LICENSE'), 'utf8').trim().split('\n').slice(4)
  const indented = licence.map(line => (line.trim() === '' ? ' .' : ` ${line}`)).join('\n')
  put(`${doc}/copyright`, readFileSync(join(debian, 'copyright'), 'utf8').replace('@LICENSE@', indented))
  packed(`${doc}/changelog`, debianChangelog(version))
  packed(`${doc}/THIRD-PARTY-LICENSES.txt`, readFileSync(join(executable, 'THIRD-PARTY-LICENSES.txt')))
  packed(`${doc}/CHANGES.md`, readFileSync(join(root, 'CHANGELOG.md')))
  copy(join(debian, 'lintian-overrides'), 'usr/share/lintian/overrides/linsight')
}

function writeControl(tree, { version, architecture }) {
  const control = join(tree, 'DEBIAN')
  mkdirSync(control)
  const files = readdirSync(join(tree), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .sort()
  const sizes = files.map(file => Math.ceil(statSync(join(tree, file)).size / 1024))
  const sums = files.map(
    file =>
      `${createHash('md5')
        .update(readFileSync(join(tree, file)))
        .digest('hex')}  ${file}\n`,
  )
  writeFileSync(join(control, 'md5sums'), sums.join(''))
  for (const script of ['postinst', 'prerm', 'postrm']) {
    copyFileSync(join(debian, script), join(control, script))
    chmodSync(join(control, script), 0o755)
  }
  writeFileSync(
    join(control, 'control'),
    `Package: linsight
Version: ${version}
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${sizes.reduce((sum, size) => sum + size, 0)}
Depends: libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 7)
Recommends: libcap2-bin
Suggests: bpftrace, strace
Section: admin
Priority: optional
Description: what happens on a Linux server: sockets, system calls, causes
 linsight answers the questions of a server in trouble: what is wrong, who holds
 this port, why is this socket still there, when do local ports run out, where
 does the time go, what does the kernel see.
 .
 It holds the commands mynetstat (sockets and their owners), tw-stats
 (TIME_WAIT), trace-syscalls (system calls) and linsight, which has these and
 more. It reads this machine or a recording of another, and prints tables for
 people and JSON for programs.
`,
  )
}

/** For a package of its own version: Debian's form, with one entry. The whole one is CHANGES.md. */
function debianChangelog(version) {
  return `linsight (${version}) unstable; urgency=medium

  * What is new is told in /usr/share/doc/linsight/CHANGES.md.gz.

 -- ${MAINTAINER}  ${lastChange().toUTCString().replace('GMT', '+0000')}
`
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function lastChange() {
  const seconds = Number(process.env.SOURCE_DATE_EPOCH)
  return seconds > 0 ? new Date(seconds * 1000) : statSync(join(root, 'dist/linsight.cjs')).mtime
}

function dayOf(date) {
  return date.toISOString().slice(0, 10)
}
