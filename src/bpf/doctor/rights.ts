import { AS_ROOT, atLeast, caution, fail, holds, mayTrace, ok, unknown, type Questions } from './answer.ts'

/** Who we are, and what that allows. */
export const rightsQuestions = {
  user(m) {
    const { effectiveUid } = m.user
    if (effectiveUid === undefined) return unknown('/proc/self/status does not tell which user this is')
    if (effectiveUid === 0) return ok('this is root')
    if (mayTrace(m)) {
      return caution(
        `user ${effectiveUid} holds the capabilities for BPF: libbpf-tools run, bpftrace before 0.24 runs for root only`,
        AS_ROOT,
      )
    }
    return fail(
      `user ${effectiveUid} is not root and holds neither CAP_BPF and CAP_PERFMON nor CAP_SYS_ADMIN, so no BPF program loads`,
      AS_ROOT,
    )
  },
  capabilities(m) {
    if (m.user.capabilities === undefined) return unknown('/proc/self/status does not tell the capabilities')
    const missing = [
      ...(mayTrace(m) ? [] : (['BPF', 'PERFMON'] as const).filter(name => !holds(m, name))),
      ...(['DAC_READ_SEARCH', 'SYS_PTRACE'] as const).filter(name => !holds(m, name)),
    ].map(name => `CAP_${name}`)
    if (missing.length === 0) return ok('every capability that tracing wants is in force')
    const flags = `in a container: ${missing.map(name => `--cap-add ${name.slice(4)}`).join(' ')} (or --privileged)`
    const grant = m.user.containerMark === undefined && m.user.effectiveUid !== 0 ? AS_ROOT : flags
    if (!mayTrace(m)) return fail(`${missing.join(', ')} missing: the kernel refuses to load BPF programs`, grant)
    return caution(
      `${missing.join(', ')} missing: programs load, but tracefs or other users’ processes stay unreadable`,
      grant,
    )
  },
  'user-namespace'(m) {
    if (m.user.initialUserNamespace === undefined) return unknown('/proc/self/uid_map cannot be read')
    return m.user.initialUserNamespace
      ? ok('user 0 here is user 0 of the machine')
      : fail(
          'this is a user namespace of its own (a rootless container, unshare -U): its root has no rights over the kernel',
          'run linsight on the host: sudo linsight bpf …',
        )
  },
  memlock(m) {
    if (holds(m, 'SYS_RESOURCE')) return ok('the limit of locked memory can be raised')
    const recent = atLeast(m, 5, 11)
    if (recent === true)
      return ok(
        'CAP_SYS_RESOURCE is missing, which is harmless from Linux 5.11 on: “couldn’t set RLIMIT_MEMLOCK” means nothing here',
      )
    if (recent === undefined) return unknown('the release of the kernel is not known')
    return fail(
      'CAP_SYS_RESOURCE is missing and this kernel counts BPF maps as locked memory: larger maps are refused',
      'ulimit -l unlimited',
    )
  },
  seccomp(m) {
    if (m.user.seccomp === undefined) return unknown('/proc/self/status does not tell about seccomp')
    return m.user.seccomp === 0
      ? ok('no seccomp filter')
      : caution(
          'a seccomp filter is in force, as in most containers; it may refuse bpf() and perf_event_open()',
          'in a container: --security-opt seccomp=unconfined',
        )
  },
  'pid-namespace'(m) {
    if (m.user.initialPidNamespace === undefined) return unknown('/proc/self/ns/pid cannot be read')
    return m.user.initialPidNamespace
      ? ok('process ids are those of the machine')
      : caution(
          'this is a pid namespace of its own: BPF programs see other process ids than ps does here, so --pid may match nothing',
          'run linsight on the host, or in a container with --pid=host',
        )
  },
  container(m) {
    return m.user.containerMark === undefined
      ? ok('no mark of a container')
      : caution(`/${m.user.containerMark} marks a container: what follows is what the container may see`, undefined)
  },
} as const satisfies Questions
