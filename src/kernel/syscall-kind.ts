/** What calls do with their arguments and results, by name; one bit each. Source: the man pages of section 2. */
export const KIND = {
  /** The first argument is a path. */
  pathFirst: 1,
  /** A directory descriptor, then a path. */
  pathAt: 2,
  /** The first argument is a descriptor. */
  fdFirst: 4,
  /** A result above 0 is bytes that came in. */
  reads: 8,
  /** A result above 0 is bytes that went out. */
  writes: 16,
  /** Asks whether or what a file is. */
  stats: 32,
  /** Waits for one of many things; 0 is a timeout. */
  polls: 64,
  sleeps: 128,
  /** Makes a process or thread; the result is its id. */
  forks: 256,
  execs: 512,
  /** Waits until data are on the disk. */
  syncs: 1024,
  opens: 2048,
  /** Begins or asks about a connection. */
  connects: 4096,
} as const

const NAMES: Readonly<Record<keyof typeof KIND, string>> = {
  pathFirst:
    'access acct chdir chmod chown chown32 chroot creat execve getxattr inotify_add_watch lchown lchown32 lgetxattr link ' +
    'listxattr llistxattr lremovexattr lsetxattr lstat lstat64 mkdir mknod mount oldlstat oldstat open pivot_root ' +
    'quotactl readlink removexattr rename rmdir setxattr stat stat64 statfs statfs64 swapoff swapon symlink truncate ' +
    'truncate64 umount umount2 unlink uselib utime utimes',
  pathAt:
    'execveat faccessat faccessat2 fchmodat fchmodat2 fchownat fspick fstatat64 futimesat getxattrat linkat listxattrat ' +
    'mkdirat mknodat mount_setattr name_to_handle_at newfstatat open_tree openat openat2 readlinkat removexattrat ' +
    'renameat renameat2 setxattrat statx unlinkat utimensat utimensat_time64',
  fdFirst:
    'accept accept4 bind close connect copy_file_range dup dup2 dup3 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait ' +
    'fadvise64 fadvise64_64 fallocate fchdir fchmod fchown fchown32 fcntl fcntl64 fdatasync fgetxattr flistxattr flock ' +
    'fremovexattr fsetxattr fstat fstat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 getdents getdents64 getpeername ' +
    'getsockname getsockopt ioctl listen llseek _llseek lseek pread pread64 preadv preadv2 pwrite pwrite64 pwritev ' +
    'pwritev2 read readahead readv recv recvfrom recvmmsg recvmmsg_time64 recvmsg send sendfile sendfile64 sendmmsg ' +
    'sendmsg sendto setsockopt shutdown splice sync_file_range syncfs tee timerfd_gettime timerfd_settime vmsplice write ' +
    'writev',
  reads: 'read readv pread pread64 preadv preadv2 recv recvfrom recvmsg getdents getdents64',
  writes:
    'write writev pwrite pwrite64 pwritev pwritev2 send sendto sendmsg sendfile sendfile64 copy_file_range splice',
  stats:
    'access faccessat faccessat2 stat stat64 lstat lstat64 newfstatat fstatat64 statx readlink readlinkat oldstat oldlstat',
  polls:
    'poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_wait epoll_pwait epoll_pwait2 io_getevents',
  sleeps: 'nanosleep clock_nanosleep clock_nanosleep_time64',
  forks: 'fork vfork clone clone2 clone3',
  execs: 'execve execveat',
  syncs: 'fsync fdatasync sync syncfs sync_file_range msync',
  opens: 'open openat openat2 creat',
  connects: 'connect getsockopt',
}

const BITS = new Map<string, number>()
for (const [kind, names] of Object.entries(NAMES) as [keyof typeof KIND, string][])
  for (const name of names.split(' ')) BITS.set(name, (BITS.get(name) ?? 0) | KIND[kind])

/** The bits of {@link KIND} that are true of a call; 0 for one not listed. */
export function syscallKind(name: string): number {
  return BITS.get(name) ?? 0
}

export function isKind(name: string, kind: number): boolean {
  return (syscallKind(name) & kind) !== 0
}
