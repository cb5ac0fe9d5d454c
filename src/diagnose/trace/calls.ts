// What tracers count: system calls by their names, errnos, and how much of each is told.

/** Path of a file in the first argument; in the others that look paths up it is the second. */
export const PATH_FIRST = ['open', 'stat', 'lstat', 'access', 'readlink', 'execve', 'chdir']
export const PATH_SECOND = ['openat', 'newfstatat', 'statx', 'faccessat', 'faccessat2', 'readlinkat', 'openat2']
export const STARTS_PROCESSES = ['clone', 'clone3', 'fork', 'vfork']
export const ACCEPTS = ['accept', 'accept4']
export const WAITS_FOR_EVENTS = ['poll', 'ppoll', 'select', 'pselect6', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2']
export const SYNCS = ['fsync', 'fdatasync', 'msync', 'sync_file_range', 'sync']
/** What reads sockets without being counted in /proc/PID/io. */
export const SOCKET_CALLS = ['recvfrom']
export const TINY_BYTES = 16
export const SLEEPS = ['nanosleep', 'clock_nanosleep']
export const RECEIVES = ['recvfrom', 'recvmsg', 'read']

/** Failures of one process, call and errno whose arguments are printed. */
export const EXAMPLES = 3

/** Names of the errnos that count; the others are part of a normal life. */
export const COUNTED_ERRNOS: Readonly<Record<number, string>> = {
  5: 'EIO',
  11: 'EAGAIN',
  12: 'ENOMEM',
  23: 'ENFILE',
  24: 'EMFILE',
  28: 'ENOSPC',
  30: 'EROFS',
  98: 'EADDRINUSE',
  99: 'EADDRNOTAVAIL',
  101: 'ENETUNREACH',
  104: 'ECONNRESET',
  105: 'ENOBUFS',
  110: 'ETIMEDOUT',
  111: 'ECONNREFUSED',
  113: 'EHOSTUNREACH',
  122: 'EDQUOT',
}

/** A connection given up sooner was not waited for: connect() fails at once where there is no port or no way. */
export const PATIENCE_MS = 300

/** Maps that are printed each time, as totals since the program was attached. */
export const PRINTED = [
  'failed',
  'missing',
  'empty',
  'accepted',
  'synced',
  'nxdomain',
  'answered',
  'futex',
  'forks',
  'tiny',
  'ready',
  'slept',
  'found',
  'expired',
  'locked',
  'again',
  'unconnected',
  'asked',
] as const
