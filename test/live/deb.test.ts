// The package for Debian: what it holds, what lintian says of it, and how it installs, upgrades and goes, in a copy of this
// machine's file system that only the test sees.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { builtExecutable } from '../support/executable.ts'
import { needs } from '../support/needs.ts'
import { ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { bin, version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  bin: Record<string, string>
  version: string
}
const names = Object.keys(bin)

/** A layer above the root of the file system, in memory, that goes with the mount namespace. */
const IN_COPY = `
  mount -t tmpfs -o size=900m tmpfs "$copy" && mkdir "$copy/upper" "$copy/work" "$copy/root" &&
  mount -t overlay -o "lowerdir=/,upperdir=$copy/upper,workdir=$copy/work" overlay "$copy/root" &&
  mount --rbind /proc "$copy/root/proc" && mount --rbind /dev "$copy/root/dev" && chmod 1777 "$copy/root/tmp" || exit 99
`
const inCopy = (script: string, env: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = run('unshare', ['--mount', 'bash', '-c', `${IN_COPY}${script}`], {
    env: { copy: temporaryFolder(), ...env },
    timeoutMs: 170_000,
  })
  return { status, lines: stdout.trimEnd().split('\n'), stderr }
}

const overlays = {
  need: 'overlayfs over the root of the file system',
  isMet: () =>
    spawnSync('unshare', ['--mount', 'bash', '-c', IN_COPY], { env: { ...process.env, copy: temporaryFolder() } })
      .status === 0,
}

describe('the package for Debian', needs('root', 'dpkg'), () => {
  let deb: string
  let folder: string
  beforeAll(() => {
    const out = temporaryFolder()
    folder = builtExecutable().folder
    const script = join(ROOT, 'scripts/build-deb.mjs')
    const { status, stdout, stderr } = run(process.execPath, [script, '--executable', folder, '--out', out, '--fast'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    deb = stdout.split(': ')[0]!
  }, 300_000)

  test('holds commands, pages, completions; nothing in it can be written by others, and nothing has rights of its own', () => {
    const { stdout } = run('dpkg-deb', ['--contents', deb])
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map(line => line.split(/\s+/))
    expect(
      entries.filter(
        ([mode, owner]) => owner !== 'root/root' || /[st]/i.test(mode!) || /^-....w|^-.......w/.test(mode!),
      ),
    ).toEqual([])
    const paths = entries.map(entry => entry[5]!.replace(/^\./, ''))
    expect(paths).toEqual(
      expect.arrayContaining([
        ...names.flatMap(name => [`/usr/bin/${name}`, `/usr/share/man/man1/${name}.1.gz`]),
        ...names.map(name => `/usr/share/bash-completion/completions/${name}`),
        ...names.map(name => `/usr/share/fish/vendor_completions.d/${name}.fish`),
        '/usr/share/zsh/vendor-completions/_linsight',
        '/usr/share/man/man1/linsight-bpf-run.1.gz',
        '/usr/share/man/man8/linsight-capabilities.8.gz',
        '/lib/systemd/system/linsight-metrics.service',
        '/usr/share/doc/linsight/copyright',
        '/usr/share/doc/linsight/THIRD-PARTY-LICENSES.txt.gz',
      ]),
    )
  })

  test('lintian finds nothing but what is named as an exception', { ...needs('lintian'), timeout: 300_000 }, () => {
    // Of texts in programs it would only tell misspellings, for which it takes half a minute.
    const args = ['-X', 'binaries/spelling', '--show-overrides', deb]
    // It ends with 2 where it found something, exceptions included.
    const { stdout, status } = run('lintian', args, { timeoutMs: 280_000 })
    const overridden = ['embedded-library zlib', 'hardening-no-pie'].map(
      tag => `O: linsight: ${tag} [usr/lib/linsight/linsight]`,
    )
    expect(stdout.split('\n').filter(line => line !== '' && !line.startsWith('N:'))).toEqual(overridden)
    expect([0, 2]).toContain(status)
  })

  test('says what it needs, of the libraries that its programs are linked with', needs('gcc'), () => {
    const depends = run('dpkg-deb', ['--field', deb, 'Depends']).stdout
    const libc = /libc6 \(>= ([\d.]+)\)/.exec(depends)![1]!
    const files = ['linsight', 'linsight-koffi.node'].map(name => join(folder, name))
    const wanted = files.flatMap(file =>
      [...run('readelf', ['-V', file]).stdout.matchAll(/GLIBC_(2\.\d+)/g)].map(([, number]) => number!),
    )
    const newest = wanted.sort((a, b) => Number(a.slice(2)) - Number(b.slice(2))).at(-1)
    expect(libc).toBe(newest)
  })

  test(
    'installs, gives capabilities only when it is told to, keeps them over an upgrade, and goes without a trace',
    { ...needs('namespaces', 'unshare', 'mount', 'bash', 'setpriv', 'setcap', overlays), timeout: 180_000 },
    () => {
      const script = `
        cat > "$copy/root/tmp/steps" <<'END'
        export PATH=/usr/sbin:/usr/bin:/sbin:/bin
        say() { echo "$1: $(shift; "$@" 2>&1 | tr '\\n' ' ')"; }
        as() { setpriv --reuid=65534 --regid=65534 "$@"; }
        file=/usr/lib/linsight/linsight
        dpkg --no-triggers --path-include="/usr/*" -i "$deb" >/dev/null 2>&1; echo "installed $?"
        say verified dpkg -V linsight
        for name in ${names.join(' ')}; do say "$name" "$name" --version; done
        say page man -w mynetstat
        say mode stat -c '%A %U %G' $file
        say rights getcap $file
        say status linsight-capabilities status
        say refused as --clear-groups linsight-capabilities enable
        linsight-capabilities enable >/dev/null; echo "enabled $?"
        say mode stat -c '%A %U %G' $file
        say rights getcap $file
        say service cat /etc/systemd/system/linsight-metrics.service.d/linsight-capabilities.conf
        say outsider as --clear-groups sh -c 'linsight --version >/dev/null 2>&1 || echo no'
        say member as --groups linsight sh -c "mynetstat -xap 2>/dev/null | grep -c ' [0-9]*/'"
        dpkg --no-triggers --path-include="/usr/*" -i "$deb" >/dev/null 2>&1; echo "upgraded $?"
        say mode stat -c '%A %U %G' $file
        say rights getcap $file
        linsight-capabilities disable >/dev/null; echo "disabled $?"
        say mode stat -c '%A %U %G' $file
        say rights getcap $file
        linsight-capabilities enable >/dev/null
        dpkg --purge linsight >/dev/null 2>&1; echo "purged $?"
        say group getent group linsight
        say override dpkg-statoverride --list $file
END
        chroot "$copy/root" /usr/bin/env "deb=$deb" bash /tmp/steps
        rm "$copy/root/tmp/steps"
        echo "left: $(cd "$copy/upper" && find . -name '*linsight*' ! -path './tmp/*' ! -type c | sort | tr '\\n' ' ')"
      `
      const { lines, stderr } = inCopy(script, { deb })
      const member = lines.find(line => line.startsWith('member: '))
      expect(member, lines.join('\n')).toMatch(/^member: [1-9]/)
      expect({ stderr, lines: lines.filter(line => line !== member).map(line => line.trimEnd()) }).toEqual({
        stderr: '',
        lines: [
          'installed 0',
          'verified:',
          ...names.map(name => expect.stringMatching(new RegExp(`^${name}: linsight/${version} linux-`)) as string),
          'page: /usr/share/man/man1/mynetstat.1.gz',
          'mode: -rwxr-xr-x root root',
          'rights:',
          'status: disabled: everybody may run linsight, and sees what their own rights let them see',
          'refused: linsight-capabilities: only root can change them: use sudo',
          'enabled 0',
          'mode: -rwxr-x--- root linsight',
          'rights: /usr/lib/linsight/linsight cap_dac_read_search,cap_sys_ptrace=ep',
          'service: [Service] SupplementaryGroups=linsight',
          'outsider: no',
          'upgraded 0',
          'mode: -rwxr-x--- root linsight',
          'rights: /usr/lib/linsight/linsight cap_dac_read_search,cap_sys_ptrace=ep',
          'disabled 0',
          'mode: -rwxr-xr-x root root',
          'rights:',
          'purged 0',
          'group:',
          'override:',
          'left:',
        ],
      })
    },
  )
})
