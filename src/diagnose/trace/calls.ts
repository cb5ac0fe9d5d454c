// Names of the system calls that are counted, by what is counted of them.

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
