import { isKind, KIND } from './syscall-kind.ts'

/** Groups of calls that `-e trace=%NAME` stands for, where {@link KIND} does not tell. Source: strace(1), TRACE. */
const NAMES: Readonly<Record<string, string>> = {
  network:
    'accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg recvmmsg_time64 ' +
    'recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socket socketcall socketpair',
  process:
    'clone clone3 execve execveat exit exit_group fork kill pidfd_send_signal process_mrelease rt_sigqueueinfo ' +
    'rt_tgsigqueueinfo tgkill tkill unshare vfork wait4 waitid waitpid',
  signal:
    'kill pause pidfd_send_signal rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend ' +
    'rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo sgetmask sigaction sigaltstack signal signalfd signalfd4 ' +
    'sigpending sigprocmask sigreturn sigsuspend ssetmask tgkill tkill',
  ipc: 'ipc msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt shmget',
  memory:
    'brk get_mempolicy io_destroy io_setup map_shadow_stack mbind migrate_pages mincore mlock mlock2 mlockall mmap mmap2 ' +
    'move_pages mprotect mremap mseal msync munlock munlockall munmap pkey_mprotect process_madvise madvise ' +
    'remap_file_pages set_mempolicy set_mempolicy_home_node shmat shmdt',
  creds:
    'capget capset getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getresgid getresgid32 ' +
    'getresuid getresuid32 getuid getuid32 prctl setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups ' +
    'setgroups32 setregid setregid32 setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32',
  clock:
    'adjtimex clock_adjtime clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 ' +
    'clock_settime clock_settime64 gettimeofday settimeofday stime time',
}

const MEMBERS = new Map(Object.entries(NAMES).map(([group, names]) => [group, new Set(names.split(' '))]))
MEMBERS.set('net', MEMBERS.get('network')!)

/** Whether a call belongs to the group; undefined where there is no such group. */
export function isInClass(group: string, name: string): boolean | undefined {
  if (group === 'file') return isKind(name, KIND.pathFirst | KIND.pathAt) || name === 'getcwd'
  if (group === 'desc')
    return isKind(name, KIND.fdFirst | KIND.pathAt | KIND.polls | KIND.opens) || /^pipe2?$/.test(name)
  return MEMBERS.get(group)?.has(name)
}
