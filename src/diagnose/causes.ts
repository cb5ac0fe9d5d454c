import { HEALTH_CHECKS } from '../sockets/model.ts'

/** Families of causes: one file of `rules/` each. */
export const FAMILIES = ['ports', 'tcp', 'dns', 'cpu', 'process', 'limits', 'disk', 'memory', 'waiting'] as const
export type Family = (typeof FAMILIES)[number]

/** Every cause that can be told: its slug, which is public, and what it means; those of sockets are those of `mynetstat --health`. */
export const CAUSES = {
  'port-taken': 'a program cannot bind a port because another one has it',
  'port-in-time-wait': 'a program cannot bind a port whose old connections are in TIME_WAIT',
  'inherited-listener': 'a process holds a listening socket that it inherited, and never accepts',
  ...HEALTH_CHECKS,
  'unix-queue-full': 'a program waits because the reader of a unix socket does not read',
  'local-ports-exhausted': 'a client has no free local port left towards a destination',
  'connection-refused': 'a client connects to where nobody listens',
  'dns-timeout': 'a name server does not answer',
  'dns-nxdomain': 'a program asks for names that do not exist, over and over',
  'busy-poll': 'a program asks again and again for what is not there',
  'lock-contention': 'the threads of a program fight for a lock',
  'tiny-io': 'a program reads or writes a few bytes a call',
  'enoent-storm': 'a program looks for files that do not exist, over and over',
  'wakeup-storm': 'a program wakes up thousands of times a second by a timer',
  'fork-storm': 'a program starts processes at a high rate',
  'cpu-hog': 'a thread uses a processor all the time and moves no data',
  'cpu-throttled': 'a container may use less processor time than it needs',
  'oom-kill': 'the kernel killed a process because memory ran out',
  'crash-loop': 'a program crashes, is started again, and crashes',
  zombies: 'a process does not wait for its children that have ended',
  'stopped-process': 'a process has been stopped and not continued',
  'frozen-cgroup': 'a container is frozen',
  'fd-exhausted': 'a process has as many descriptors open as it may',
  'inotify-exhausted': 'a user has used up instances or watches of inotify',
  'pids-limit': 'a container may start no more processes or threads',
  'nproc-limit': 'a user may start no more processes or threads',
  'disk-full': 'a filesystem has no space left',
  'inodes-exhausted': 'a filesystem can hold no more files',
  'deleted-file-space': 'a deleted file that is still open holds the space of a filesystem',
  'fsync-storm': 'a program makes the disk write after every small change',
  'disk-hog': 'one process keeps a disk busy while others wait for it',
  'runaway-log': 'a program writes its log at a high rate',
  'memory-limit-pressure': 'a container hits its memory limit all the time',
  'major-faults': 'a process reads its own memory back from disk',
  'memory-growth': 'the memory of a process grows without a pause',
  'file-lock-wait': 'processes wait for a file lock that another one keeps',
  'pipe-full': 'a program waits because the reader of its pipe does not read',
  'fuse-not-answering': 'a filesystem in user space does not answer',
  'blocked-in-kernel': 'a process waits in the kernel and cannot be interrupted',
} as const satisfies Record<string, string>

export type Cause = keyof typeof CAUSES
