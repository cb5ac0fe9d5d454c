import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { HealthCode } from './checks.ts'
import type { HealthFacts } from './facts.ts'
import type { HealthSettings } from './look.ts'
import type { HealthRule } from './rule.ts'

/** What could not be looked at, and which findings are therefore missing or less certain. */
export interface NotLooked {
  what: string
  why: string
  codes: HealthCode[]
}

/** What is counted for the whole machine. */
const MACHINE = 'orphans and memory of TCP'

/** What limits these facts. */
export function notLookedAt(facts: HealthFacts, rules: readonly HealthRule[]): NotLooked[] {
  const { now, before, seconds } = facts
  const tcp = now.gauges.get('TCP')
  const limits: (NotLooked | undefined)[] = [
    limit(before === undefined, 'what lasts', 'there is one look only', codesOf(rules)),
    limit(before !== undefined && seconds === undefined, 'rates', 'the recordings do not tell when they were made', [
      'accept-queue-not-served',
      'reuseport-member-stuck',
      'udp-receive-drops',
    ]),
    limit(
      facts.inState(TCP_STATE.listen).some(({ row }) => row.acceptQueueLimit === undefined && row.rxQueueBytes > 0),
      'the limits of accept queues',
      'only the kernel tells them (sock_diag, with the package koffi): a full queue is told by the counter of overflows',
      ['accept-queue-full'],
    ),
    limit(!now.counters.has('TcpExt'), 'net/netstat', 'it could not be read', ['accept-queue-full', 'syn-backlog']),
    limit(!now.counters.has('Tcp'), 'net/snmp', 'it could not be read', ['retransmits', 'udp-receive-drops']),
    limit(
      tcp?.get('orphan') === undefined || tcp.get('mem') === undefined || !hasMachineSettings(now.settings),
      MACHINE,
      "net/sockstat or its limits could not be read: only the machine's first network namespace shows them",
      ['tcp-orphans', 'tcp-memory'],
    ),
    limit(
      [...now.processes.values()].some(({ state }) => state === undefined),
      'what some processes do',
      'their /proc/PID/stat could not be read',
      ['accept-queue-not-served'],
    ),
    limit(
      facts
        .inState(TCP_STATE.listen)
        .some(({ owners = [] }) => owners.some(({ process }) => now.processes.get(process.pid)?.exe === undefined)),
      'the programs of some listeners',
      'their /proc/PID/exe could not be read',
      ['deleted-executable'],
    ),
  ]
  return limits.filter(one => one !== undefined)
}

const hasMachineSettings = ({ maxOrphans, tcpMemoryPages }: HealthSettings) =>
  maxOrphans !== undefined && tcpMemoryPages !== undefined

const limit = (applies: boolean, what: string, why: string, codes: HealthCode[]): NotLooked | undefined =>
  applies ? { what, why, codes } : undefined

const codesOf = (rules: readonly HealthRule[]) =>
  rules.filter(({ needsTwoLooks }) => needsTwoLooks === true).map(({ code }) => code)

/** What limits several namespaces, each once; what is the machine's is known where one of them knows it. */
export function joinNotLooked(limits: readonly (readonly NotLooked[])[]): NotLooked[] {
  const all = limits.flat()
  const once = new Map(all.map(one => [`${one.what} ${one.why}`, one]))
  return [...once.values()].filter(
    ({ what }) => what !== MACHINE || all.filter(other => other.what === MACHINE).length === limits.length,
  )
}
