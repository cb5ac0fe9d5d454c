/**
 * Facts about the libbpf-tools and the BCC tools that cannot be read from their files.
 *
 * Names: Debian 12 installs the libbpf-tools bare (`execsnoop`), later releases as `execsnoop-libbpf`; the BCC tools are
 * `execsnoop-bpfcc` there and plain names in a folder of their own elsewhere; bpftrace's end in `.bt`.
 */
export const TOOL_FAMILIES = {
  libbpf: { label: 'libbpf-tools', suffix: '-libbpf', package: 'libbpf-tools' },
  bcc: { label: 'BCC', suffix: '-bpfcc', package: 'bpfcc-tools' },
  bpftrace: { label: 'bpftrace script', suffix: '.bt', package: 'bpftrace' },
} as const

/** Folders that hold nothing but tools of one family. */
export const TOOL_FOLDERS: Readonly<Record<string, keyof typeof TOOL_FAMILIES>> = {
  'usr/share/bcc/tools': 'bcc',
  'usr/share/bpftrace/tools': 'bpftrace',
}

/** Every libbpf-tool up to 0.37: where they are installed bare, only the name distinguishes them from other programs. */
export const LIBBPF_TOOLS: readonly string[] =
  `bashreadline bcachefsdist bcachefsslower bindsnoop biolatency biopattern biosnoop biostacks biotop bitesize btrfsdist
   btrfsslower cachestat capable cpudist cpufreq drsnoop execsnoop exitsnoop ext4dist ext4slower f2fsdist f2fsslower
   filelife filetop fsdist fsslower funclatency fusedist fuseslower futexctn gethostlatency hardirqs javagc killsnoop
   klockstat ksnoop llcstat mdflush memleak mountsnoop nfsdist nfsslower numamove offcputime oomkill opensnoop profile
   readahead runqlat runqlen runqslower sigsnoop slabratetop softirqs solisten statsnoop syncsnoop syscount tcpconnect
   tcpconnlat tcplife tcppktlat tcprtt tcpstates tcpsynbl tcptop tcptracer vfsstat wakeuptime xfsdist xfsslower zfsdist
   zfsslower`.split(/\s+/)

/** Needs of a tool that the probes in its binary do not show. */
export const HIDDEN_NEEDS: Readonly<Record<string, readonly ('hardware' | 'cpufreq')[]>> = {
  // Its perf events count cache misses; those of profile and runqlen only tick.
  llcstat: ['hardware'],
  cpufreq: ['cpufreq'],
}

/** Our job that comes nearest to a tool no job names as its own. */
export const NEAREST_JOB: Readonly<Record<string, string>> = {
  biotop: 'biosnoop',
  biostacks: 'biosnoop',
  ext4dist: 'syslat',
  ext4slower: 'syslat',
  fileslower: 'filetop',
  fsdist: 'syslat',
  fsslower: 'filetop',
  mysqld_qslower: 'syslat',
  runqslower: 'runqlat',
  solisten: 'tcpstates',
  syncsnoop: 'fsynclat',
  tcpconnlat: 'tcpstates',
  tcpdrop: 'tcpretrans',
  tcptop: 'tcplife',
  threadsnoop: 'execsnoop',
  vfscount: 'syscount',
  vfsstat: 'syscount',
  wakeuptime: 'offcputime',
  xfsdist: 'syslat',
  xfsslower: 'syslat',
}
