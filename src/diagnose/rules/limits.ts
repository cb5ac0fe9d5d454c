import type { Finding, Named, Rule } from '../model.ts'
import { accuse, over } from '../accuse.ts'
import type { FailedGroup, Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'

const TRACED = 'tracepoint raw_syscalls:sys_exit'
const INOTIFY = ['inotify_init', 'inotify_init1', 'inotify_add_watch']
const STARTS = ['clone', 'clone3', 'fork', 'vfork']

const failure = ({ calls, count }: FailedGroup, error: string) => ({
  what: `${calls.join(', ')} failed with ${error}`,
  value: count,
  unit: 'times',
  source: TRACED,
})

function descriptors(scene: Scene): Finding[] {
  const failing = scene.failed(undefined, ['EMFILE', 'ENFILE'], ({ call }) => !INOTIFY.includes(call))
  const findings = failing.map(group => {
    const process = scene.process(group.pid)
    const { descriptors: count, descriptorLimit: limit, descriptorKinds: kinds = [] } = process ?? {}
    return accuse(
      'fd-exhausted',
      'critical',
      `has no descriptor left${limit === undefined ? '' : `: ${count} of ${limit} are open`}`,
      {
        culprits: scene.failing(group),
        measures: [
          failure(group, 'EMFILE'),
          ...(kinds.length === 0
            ? []
            : [
                {
                  what: 'most of them are',
                  value: kinds.map(([kind, times]) => `${times} times ${kind}`).join(', '),
                  source: 'PID/fd',
                },
              ]),
        ],
        doing: scene.doing(group.pid),
        do: ['look for the way on which it does not close what it opens; until then raise LimitNOFILE'],
        not: ['fs.file-max: that is the limit of the machine'],
        more: `trace-syscalls -p ${group.pid}`,
        reach: group.count,
      },
    )
  })
  const failed = new Set(failing.map(({ pid }) => pid))
  const near = scene.processes.flatMap(
    ({ pid, descriptors: count, descriptorLimit: limit, descriptorKinds: kinds = [] }) => {
      if (failed.has(pid) || count === undefined || limit === undefined || count < limit * THRESHOLDS.descriptors.value)
        return []
      return [
        accuse('fd-exhausted', 'warning', `has ${count} of ${limit} descriptors open`, {
          culprits: [scene.named(pid)],
          measures: [
            over('descriptors', 'open', count / limit, 'PID/limits'),
            ...(kinds.length === 0
              ? []
              : [
                  {
                    what: 'most of them are',
                    value: kinds.map(([kind, times]) => `${times} times ${kind}`).join(', '),
                    source: 'PID/fd',
                  },
                ]),
          ],
          do: ['look for the way on which it does not close what it opens; until then raise LimitNOFILE'],
          more: `trace-syscalls -p ${pid}`,
        }),
      ]
    },
  )
  return [...findings, ...near]
}

function inotify(scene: Scene): Finding[] {
  return scene.failed(INOTIFY, ['EMFILE', 'ENOSPC']).map(group => {
    const what = group.calls.includes('inotify_add_watch') ? 'watches' : 'instances'
    const error = what === 'watches' ? 'ENOSPC' : 'EMFILE'
    const failing = scene.failing(group)
    const holder = holderOf(scene, group, what)
    const isOther = holder !== undefined && !failing.some(({ pid }) => pid === holder.pid)
    return accuse(
      'inotify-exhausted',
      'critical',
      isOther
        ? `has the most ${what} of inotify, and its user can get no more`
        : `gets no ${what === 'watches' ? 'watch' : 'instance'} of inotify: its user has used up all`,
      {
        culprits: isOther ? [scene.named(holder.pid)] : failing,
        victims: isOther ? failing.slice(0, 1) : [],
        suffering: isOther ? 'it gets none' : undefined,
        measures: [
          failure(group, error),
          ...(holder === undefined
            ? []
            : [{ what: `${what} of ${holder.comm}`, value: holder.inotify![what], source: 'PID/fd' }]),
        ],
        do: ['sysctl fs.inotify.max_user_instances, max_user_watches; look which process of this user has the most'],
        not: ['disk space, descriptor limits: the message of the program names those, wrongly'],
        more: `trace-syscalls -p ${group.pid}`,
        reach: group.count,
      },
    )
  })
}

/** A user counts as at the limit from this share on: some of it may be in processes that are not seen. */
const USED_UP = 0.9

/** Who has more than half of what a user has that is at the limit. */
function holderOf(scene: Scene, { pid }: FailedGroup, what: 'instances' | 'watches') {
  const limit = scene.seen.machine[1].inotifyLimits?.[what] ?? Infinity
  const holders = scene.processes.filter(({ pid: one, inotify: has }) => has !== undefined && !scene.isObserver(one))
  const [most] = holders.toSorted((a, b) => b.inotify![what] - a.inotify![what])
  const uid = scene.process(pid)?.inotify?.uid ?? most?.inotify!.uid
  if (most === undefined || most.inotify!.uid !== uid) return undefined
  const all = holders
    .filter(({ inotify: has }) => has!.uid === uid)
    .reduce((sum, { inotify: has }) => sum + has![what], 0)
  return all >= limit * USED_UP && most.inotify![what] > all / 2 ? most : undefined
}

function processes(scene: Scene, wanted: 'pids-limit' | 'nproc-limit'): Finding[] {
  const groups = scene.failed(STARTS, ['EAGAIN'])
  return groups.flatMap(group => {
    const parent = group.examples[0]?.parentPid
    const cgroup = scene.seen.cgroups.find(
      ({ a, b, pids }) =>
        ((b?.pidsRefused ?? 0) > (a.pidsRefused ?? 0) || (b?.pidsCurrent ?? 0) >= (b?.pidsLimit ?? Infinity)) &&
        (pids.includes(group.pid) || (parent !== undefined && pids.includes(parent))),
    )
    if ((cgroup === undefined) !== (wanted === 'nproc-limit')) return []
    const culprits: Named[] = scene.failing(group)
    if (cgroup !== undefined)
      return [
        accuse('pids-limit', 'critical', 'can start no process or thread: its control group is full', {
          culprits,
          measures: [
            failure(group, 'EAGAIN'),
            {
              what: 'in the control group',
              value: `${cgroup.b?.pidsCurrent} of ${cgroup.b?.pidsLimit}`,
              source: `pids.current of ${cgroup.path}`,
            },
          ],
          do: ['raise pids.max (docker --pids-limit, TasksMax), or look for threads that do not end'],
          not: ['ulimit -u: that is the limit of the user'],
          more: 'linsight bpf run execsnoop',
          reach: group.count,
        }),
      ]
    return [
      accuse('nproc-limit', 'critical', 'can start no process or thread: its user has used up the limit', {
        culprits,
        measures: [failure(group, 'EAGAIN')],
        do: ['ulimit -u, LimitNPROC; look for processes of this user that do not end'],
        not: ['kernel.pid_max: it is reached by the whole machine only'],
        more: 'linsight bpf run execsnoop',
        reach: group.count,
      }),
    ]
  })
}

export const LIMIT_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'fd-exhausted',
    family: 'limits',
    looks: 1,
    needs: ['root'],
    thresholds: ['descriptors'],
    why: 'A call failed with EMFILE or ENFILE during the look; without a failure, a process near its soft limit is a warning.',
    find: descriptors,
  },
  {
    cause: 'inotify-exhausted',
    family: 'limits',
    looks: 2,
    needs: ['trace'],
    thresholds: [],
    why: 'inotify_init failed with EMFILE, or inotify_add_watch with ENOSPC.',
    find: inotify,
  },
  {
    cause: 'pids-limit',
    family: 'limits',
    looks: 2,
    needs: ['trace'],
    thresholds: [],
    why: 'clone or fork failed with EAGAIN, and the control group of the process refused or is full.',
    find: scene => processes(scene, 'pids-limit'),
  },
  {
    cause: 'nproc-limit',
    family: 'limits',
    looks: 2,
    needs: ['trace'],
    thresholds: [],
    why: 'clone or fork failed with EAGAIN, and no control group refused.',
    find: scene => processes(scene, 'nproc-limit'),
  },
]
