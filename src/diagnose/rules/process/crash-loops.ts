import { groupBy } from '../../../group-by.ts'
import { quoted } from '../../../terminal/escape.ts'
import { accuse, over } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { End } from '../../observed/traced.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'

export function crashLoops(scene: Scene): Finding[] {
  const deaths = (scene.seen.trace?.deaths ?? []).filter(
    ({ pid, parentPid }) => !scene.isObserver(pid) && !scene.isObserver(parentPid),
  )
  return [...groupBy(deaths, ({ comm }) => comm).values()].flatMap(crashes => {
    const pids = new Set(crashes.map(({ pid }) => pid))
    if (pids.size < THRESHOLDS.crashes.value) return []
    const { comm, signal, parentPid, parentComm } = crashes.at(-1)!
    return [
      accuse('crash-loop', 'critical', `starts ${quoted(comm)} again and again, which dies of ${signal}`, {
        culprits: [scene.named(parentPid, parentComm), { comm, pid: crashes.at(-1)!.pid }],
        measures: [
          over('crashes', `deaths of ${quoted(comm)} by ${signal}`, pids.size, 'tracepoint signal:signal_deliver'),
        ],
        do: ['look at its core dump (coredumpctl) and its last lines of log'],
        not: ['a longer pause before the restart: it only slows the loop down'],
        more: 'linsight bpf run exitsnoop',
        reach: pids.size,
      }),
    ]
  })
}

/** Programs whose status is an answer, not a failure. */
const ANSWERS =
  /^(?:\[|test|true|false|expr|e?grep|fgrep|zgrep|rg|diff|cmp|pgrep|pidof|pkill|kill|killall|which|command|type|getent|id|curl|wget|nc|ncat|netcat|ping6?|host|dig|nslookup|ssh|timeout|flock|git|stat|ls|find|read|mountpoint|systemctl|docker|kubectl|pg_isready|redis-cli|mysqladmin|openssl|ip|ss|lsof|fuser|jq|awk|sed|make|g?cc|cc1|ld|conftest|a\.out)$/

/** A shell that ends so soon with 1 has asked something. */
const SHELL = /^(?:ba|da|k|z|a)?sh$/
const QUESTION_MS = 200

/** More at a time are jobs or a test; what is restarted, or a pool of workers, has fewer. */
const AT_A_TIME = 8

/** They start what has ended again, and nothing else. */
const SUPERVISOR =
  /^(?:systemd|runsv|supervisord|s6-supervise|supervise|containerd-shim.*|conmon|tini|dumb-init|monit|pm2.*|procd|init)$/

/** A parent starts a program again and again, and each time it ends as a failure. */
export function exitLoops(scene: Scene): Finding[] {
  const ends = (scene.seen.trace?.ends ?? []).filter(
    ({ pid, parentPid }) => !scene.isObserver(pid) && !scene.isObserver(parentPid),
  )
  return [...groupBy(ends, ({ parentPid, comm }) => `${parentPid} ${comm}`).values()].flatMap(group => {
    const { comm, parentPid, parentComm } = group[0]!
    const failed = group.filter(({ status, signal }) => status !== 0 && signal === undefined)
    const least = SUPERVISOR.test(parentComm) ? THRESHOLDS.crashes.value : THRESHOLDS.exits.value
    // A test or a batch starts one program with other arguments each time.
    if (new Set(group.flatMap(({ program }) => program ?? [])).size > 1) return []
    if (atATime(group) > AT_A_TIME) return []
    // Who succeeds now and then is no service that cannot start.
    if (failed.length < group.length || failed.length < least || ANSWERS.test(comm)) return []
    const isSteady = failed.some(({ early }) => early) && failed.some(({ early }) => !early)
    const parent = scene.process(parentPid)
    if (!isSteady || (parentPid > 1 && (parent?.a === undefined || parent.b === undefined))) return []
    const last = failed.at(-1)!
    if (SHELL.test(comm) && failed.every(asksSomething)) return []
    return [
      {
        ...accuse(
          'crash-loop',
          'critical',
          `starts ${quoted(comm)} again and again, which ends with status ${last.status}`,
          {
            culprits: [scene.named(parentPid, parentComm), { comm, pid: last.pid }],
            measures: [
              over('exits', `ends of ${quoted(comm)} with status ${statuses(failed)}`, failed.length, SOURCE),
              {
                what: 'it lived for',
                value: `${Math.round(median(failed.map(({ lifeMs }) => lifeMs)))} ms`,
                source: SOURCE,
              },
            ],
            do: [`look at what ${quoted(comm)} said last (journalctl, its log), and start it by hand`],
            not: ['a longer pause before the restart: it only slows the loop down'],
            more: 'linsight bpf run exitsnoop',
            reach: failed.length,
          },
        ),
        mayFollow: true,
      },
    ]
  })
}

/** How many of them lived at the same time at most. */
function atATime(ends: readonly End[]): number {
  const lives = ends.flatMap(({ endedAtMs, lifeMs }) =>
    endedAtMs === undefined ? [] : [[endedAtMs - lifeMs, endedAtMs] as const],
  )
  return Math.max(0, ...lives.map(([, end]) => lives.filter(([from, to]) => from < end && end <= to).length))
}

const SOURCE = 'tracepoint sched:sched_process_exit'

const asksSomething = ({ status, lifeMs }: End) => status === 1 && lifeMs < QUESTION_MS

const statuses = (ends: readonly End[]) => [...new Set(ends.map(({ status }) => status))].slice(0, 3).join(', ')

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
