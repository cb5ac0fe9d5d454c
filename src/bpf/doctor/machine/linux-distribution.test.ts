import { expect, test } from 'vitest'
import { installCommand } from './linux-distribution.ts'

test.each<[string[], string, string | undefined, string]>([
  [['debian'], 'bpftrace', undefined, 'apt-get install bpftrace'],
  [['linuxmint', 'ubuntu', 'debian'], 'libbpf-tools', undefined, 'apt-get install libbpf-tools'],
  [['debian'], 'headers', '6.12.0-1-amd64', 'apt-get install linux-headers-6.12.0-1-amd64'],
  [['rocky', 'rhel', 'centos', 'fedora'], 'headers', '5.14.0', 'dnf install kernel-devel-5.14.0'],
  [['opensuse-leap', 'suse', 'opensuse'], 'libbpf-tools', undefined, 'zypper install bcc-tools'],
  [[], 'bpftrace', undefined, 'install bpftrace with the package manager'],
  [['nixos'], 'headers', '6.12.0', 'install the headers of kernel 6.12.0'],
  // A recording is not to put words into a shell.
  [['debian'], 'headers', '6.1; id', 'apt-get install linux-headers-$(uname -r)'],
])('%j needs %s', (families, wanted, kernel, command) => {
  expect(installCommand(families, wanted, kernel)).toBe(command)
})
