/** How each family of distributions installs packages, and their names where they differ. */
const INSTALLERS: readonly {
  families: readonly string[]
  command: string
  names?: Readonly<Record<string, string>>
}[] = [
  { families: ['debian', 'ubuntu'], command: 'apt-get install', names: { headers: 'linux-headers-$(uname -r)' } },
  { families: ['fedora', 'rhel', 'centos'], command: 'dnf install', names: { headers: 'kernel-devel-$(uname -r)' } },
  {
    families: ['suse', 'opensuse'],
    command: 'zypper install',
    names: { headers: 'kernel-default-devel', 'libbpf-tools': 'bcc-tools' },
  },
  { families: ['arch'], command: 'pacman -S', names: { headers: 'linux-headers', 'libbpf-tools': 'bcc-libbpf-tools' } },
  { families: ['alpine'], command: 'apk add', names: { headers: 'linux-lts-dev', 'libbpf-tools': 'bcc-tools' } },
]

/**
 * The command that installs a package; without a known distribution, a sentence.
 *
 * `families` are `ID` and `ID_LIKE` of os-release(5), the nearest first. `headers` stands for those of `kernel`.
 */
export function installCommand(families: readonly string[], wanted: string, kernel?: string): string {
  // It is there to be copied to a shell; a recording may claim any release.
  const release = kernel !== undefined && /^[\w.+~-]+$/.test(kernel) ? kernel : '$(uname -r)'
  for (const family of families) {
    const installer = INSTALLERS.find(candidate => candidate.families.includes(family))
    if (installer === undefined) continue
    const name = (installer.names?.[wanted] ?? wanted).replace('$(uname -r)', release)
    return `${installer.command} ${name}`
  }
  return wanted === 'headers'
    ? `install the headers of kernel ${release}`
    : `install ${wanted} with the package manager`
}
