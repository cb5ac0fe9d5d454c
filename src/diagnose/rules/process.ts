import { quoted } from '../../terminal/escape.ts'
import { groupBy } from '../../group-by.ts'
import type { Finding, Named, Rule } from '../model.ts'
import type { OomVictim } from '../observed/traced.ts'
import { accuse, over } from '../accuse.ts'
import type { Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'
import { WAITS } from '../wait-channels.ts'
import { crashLoops, exitLoops } from './process/crash-loops.ts'

/** Victims of one program and parent; those of which only the pid is known belong to the only other ones. */
function victimGroups(victims: readonly OomVictim[]): OomVictim[][] {
  const known = victims.filter(({ comm }) => comm !== '')
  const groups = [...groupBy(known, ({ comm, parentPid }) => `${comm} ${parentPid}`).values()]
  const unknown = victims.filter(({ comm }) => comm === '')
  if (groups.length === 1) return [[...groups[0]!, ...unknown]]
  return unknown.length === 0 ? groups : [...groups, ...unknown.map(victim => [victim])]
}

function oomKills(scene: Scene): Finding[] {
  const traced = scene.seen.trace?.oomVictims ?? []
  const groups = scene.seen.cgroups.filter(({ a, b }) => (b?.oomKills ?? 0) > (a.oomKills ?? 0))
  // Where another task ran out of memory than the one that was killed, the control group tells more.
  const isKnown = traced.some(({ comm, pid }) => comm !== '' || scene.process(pid) !== undefined)
  if (isKnown || (traced.length > 0 && groups.length === 0)) {
    return victimGroups(traced).map(victims => {
      const { parentPid, parentComm, comm, pid } = victims[0]!
      const limit = groups.map(
        ({ b, path }) => `${path}${b?.memoryLimit === undefined ? '' : ` with a limit of ${mega(b.memoryLimit)}`}`,
      )[0]
      const killed: Named = { comm: comm || (scene.process(pid)?.comm ?? ''), pid }
      return accuse(
        'oom-kill',
        'critical',
        `lost ${quoted(killed.comm ?? '')} (pid ${pid}) to the out-of-memory killer`,
        {
          culprits: parentPid === undefined || parentPid <= 1 ? [killed] : [scene.named(parentPid, parentComm), killed],
          victims: [killed],
          measures: [
            { what: 'processes killed', value: victims.length, source: 'tracepoint oom:mark_victim' },
            ...(limit === undefined ? [] : [{ what: 'control group', value: limit, source: 'memory.events' }]),
          ],
          do: ['raise the limit, or find what grows in it'],
          not: ['oom_score_adj: then something else is killed'],
          more: 'linsight bpf run oomkill',
          reach: victims.length,
        },
      )
    })
  }
  return groups.map(({ path, pids, a, b }) => {
    const members = pids.flatMap(pid => scene.process(pid) ?? [])
    // Who is still there while its children are killed is what starts them.
    const [eldest] = members.toSorted((x, y) => x.startTicks - y.startTicks)
    return accuse('oom-kill', 'critical', 'lost a process of its control group to the out-of-memory killer', {
      culprits:
        eldest === undefined
          ? []
          : [scene.named(eldest.pid), ...members.filter(one => one !== eldest).map(({ pid }) => scene.named(pid))],
      measures: [
        { what: 'processes killed', value: b!.oomKills! - (a.oomKills ?? 0), source: `oom_kill of ${path}` },
        ...(b?.memoryLimit === undefined ? [] : [{ what: 'memory limit', value: mega(b.memoryLimit), source: path }]),
      ],
      do: ['raise the limit, or find what grows in it'],
      more: 'linsight bpf run oomkill',
    })
  })
}

const mega = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`

function zombies(scene: Scene): Finding[] {
  const dead = scene.seen.processes.filter(({ a, b }) => a?.state === 'Z' && b?.state === 'Z')
  return [...groupBy(dead, ({ parentPid }) => parentPid)].flatMap(([parent, children]) => {
    if (children.length < THRESHOLDS.zombies.value || scene.isObserver(parent)) return []
    return [
      accuse('zombies', 'warning', `does not wait for ${children.length} children that have ended`, {
        culprits: [scene.named(parent)],
        measures: [over('zombies', 'the same zombies in both looks', children.length, 'PID/stat')],
        doing: scene.doing(parent),
        do: ['wait() for children on SIGCHLD, or ignore SIGCHLD; ending the parent takes them away'],
        not: ['kill -9 of a zombie: it is dead already'],
        reach: children.length,
      }),
    ]
  })
}

function stopped(scene: Scene): Finding[] {
  return scene.processes.flatMap(process => {
    const { pid, a, b, samples, inBackground, described } = process
    const states = [a?.state, b?.state, ...(samples ?? []).map(([state]) => state)]
    if (b === undefined || a === undefined || !states.every(state => state === 'T' || state === 't')) return []
    const traced = states.every(state => state === 't')
    const tracer = described?.tracerPid
    return [
      // What a shell has put into the background stands there because somebody wanted it.
      accuse(
        'stopped-process',
        inBackground || traced ? 'info' : 'critical',
        traced ? 'is stopped by a debugger' : 'has been stopped and not continued',
        {
          culprits: [scene.named(pid)],
          measures: [{ what: 'state in every look', value: traced ? 't (traced)' : 'T (stopped)', source: 'PID/stat' }],
          doing: 'stopped',
          do: [traced ? `end the tracer${tracer === undefined ? '' : `, pid ${tracer}`}` : `kill -CONT ${pid}`],
          more: `mynetstat -antp`,
        },
      ),
    ]
  })
}

function frozen(scene: Scene): Finding[] {
  const seen = new Set<number>()
  const byGroup = scene.seen.cgroups
    .filter(({ a, b, pids }) => a.frozen && b?.frozen && pids.length > 0)
    .flatMap(({ path, pids }) => {
      const members = pids.filter(pid => scene.process(pid) !== undefined && !scene.isObserver(pid))
      for (const pid of members) seen.add(pid)
      return members.length === 0 ? [] : [frozenFinding(scene, members, `freezer of ${path}`)]
    })
  const others = scene.processes
    .filter(
      ({ pid, samples }) =>
        !seen.has(pid) && samples?.length && samples.every(([, channel]) => WAITS.frozen.test(channel)),
    )
    .map(({ pid }) => pid)
  return others.length === 0 ? byGroup : [...byGroup, frozenFinding(scene, others, 'PID/wchan')]
}

const frozenFinding = (scene: Scene, pids: readonly number[], source: string) =>
  accuse('frozen-cgroup', 'critical', 'is frozen with its control group', {
    culprits: pids.map(pid => scene.named(pid)),
    measures: [{ what: 'processes frozen in every look', value: pids.length, source }],
    doing: 'frozen',
    do: ['thaw it: docker unpause, systemctl thaw, or 0 into cgroup.freeze (THAWED into freezer.state)'],
    reach: pids.length,
  })

export const PROCESS_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'oom-kill',
    family: 'process',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'The kernel chose a victim during the look. Without the tracer: oom_kill of a control group rose. Totals since boot accuse nobody.',
    find: oomKills,
  },
  {
    cause: 'crash-loop',
    family: 'process',
    looks: 2,
    needs: ['trace'],
    thresholds: ['crashes', 'exits'],
    why: 'Processes of one name die of a signal that means a crash and that they do not handle; or one parent starts them again and again, all the time, and every one ends with a status other than 0. Programs whose status is an answer (grep, test, curl …) do not count, and what explains why they end stands above.',
    find: scene => [...crashLoops(scene), ...exitLoops(scene)],
  },
  {
    cause: 'zombies',
    family: 'process',
    looks: 2,
    needs: [],
    thresholds: ['zombies'],
    why: 'The same ended children are there in both looks: their parent does not wait for them.',
    find: zombies,
  },
  {
    cause: 'stopped-process',
    family: 'process',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'State T in every look. What stands in the background of a terminal, or is traced, is a note and no accusation.',
    find: stopped,
  },
  {
    cause: 'frozen-cgroup',
    family: 'process',
    looks: 1,
    needs: [],
    thresholds: [],
    why: 'The control group is frozen, or every look finds its tasks in the refrigerator of the kernel.',
    find: frozen,
  },
]
