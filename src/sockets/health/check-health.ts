import { SEVERITIES } from '../../statement.ts'
import { healthFacts, type HealthFacts } from './facts.ts'
import type { HealthLook } from './look.ts'
import { joinNotLooked, notLookedAt, type NotLooked } from './not-looked.ts'
import type { HealthFinding, HealthRule } from './rule.ts'
import { closeWaitLeak } from './rules/connections/close-wait-leak.ts'
import { connectTimeout } from './rules/connections/connect-timeout.ts'
import { finWait2Pile } from './rules/connections/fin-wait2-pile.ts'
import { peerZeroWindow } from './rules/connections/peer-zero-window.ts'
import { readerStuck } from './rules/connections/reader-stuck.ts'
import { retransmits } from './rules/connections/retransmits.ts'
import { udpReceiveDrops } from './rules/connections/udp-receive-drops.ts'
import { acceptQueueFull } from './rules/listeners/accept-queue-full.ts'
import { acceptQueueNotServed } from './rules/listeners/accept-queue-not-served.ts'
import { deletedExecutable } from './rules/listeners/deleted-executable.ts'
import { listenerShadowed } from './rules/listeners/listener-shadowed.ts'
import { reuseportMemberStuck } from './rules/listeners/reuseport-member-stuck.ts'
import { synBacklog } from './rules/listeners/syn-backlog.ts'
import { tcpMemory } from './rules/machine/tcp-memory.ts'
import { tcpOrphans } from './rules/machine/tcp-orphans.ts'

/** Every rule; those of one severity speak in this order. */
export const HEALTH_RULES: readonly HealthRule[] = [
  acceptQueueFull,
  reuseportMemberStuck,
  acceptQueueNotServed,
  readerStuck,
  peerZeroWindow,
  udpReceiveDrops,
  synBacklog,
  connectTimeout,
  closeWaitLeak,
  finWait2Pile,
  retransmits,
  tcpMemory,
  tcpOrphans,
  listenerShadowed,
  deletedExecutable,
]

/** What was found wrong, what was looked at, and what could not be. */
export interface HealthReport {
  /** The most severe first. */
  findings: HealthFinding[]
  looked: HealthLooked
  notLooked: NotLooked[]
}

export interface HealthLooked {
  looks: 1 | 2
  /** Between the looks; absent where there is one, or where recordings do not tell. */
  seconds: number | undefined
  /** TCP and UDP sockets of the last look. */
  sockets: number
  /** Processes that own them. */
  processes: number
  /** Network namespaces, where they were named or all were asked for. */
  namespaces?: number | undefined
}

/**
 * Goes through all rules for every namespace that was looked at; `before` are the earlier looks, without which rules that
 * need two are silent. Other ends are looked for in all of these namespaces.
 */
export function checkHealth(now: readonly HealthLook[], before?: readonly HealthLook[]): HealthReport {
  const everywhere = { now: now.flatMap(look => look.sockets), before: before?.flatMap(look => look.sockets) ?? [] }
  const reports = now.map(look => {
    const earlier = before?.find(({ netns }) => netns?.netns === look.netns?.netns)
    return checkNamespace(healthFacts(look, earlier, everywhere))
  })
  const findings = reports.flatMap(report => report.findings)
  // The order of the rules decides between equals.
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
  return { findings, looked: lookedAt(now, reports), notLooked: joinNotLooked(reports.map(report => report.notLooked)) }
}

interface NamespaceHealth {
  findings: HealthFinding[]
  notLooked: NotLooked[]
  looks: 1 | 2
  seconds: number | undefined
}

function checkNamespace(facts: HealthFacts): NamespaceHealth {
  const { now, before, seconds } = facts
  const findings = HEALTH_RULES.flatMap(rule => rule.check(facts))
  return {
    findings: now.netns === undefined ? findings : findings.map(found => ({ ...found, netns: now.netns })),
    notLooked: notLookedAt(facts, HEALTH_RULES),
    looks: before === undefined ? 1 : 2,
    seconds,
  }
}

function lookedAt(looks: readonly HealthLook[], reports: readonly NamespaceHealth[]): HealthLooked {
  const sockets = looks.flatMap(look => look.sockets)
  const pids = new Set(sockets.flatMap(({ owners = [] }) => owners.map(({ process }) => process.pid)))
  return {
    looks: reports.some(report => report.looks === 2) ? 2 : 1,
    seconds: reports.find(({ seconds }) => seconds !== undefined)?.seconds,
    sockets: sockets.length,
    processes: pids.size,
    namespaces: looks.some(({ netns }) => netns !== undefined) ? looks.length : undefined,
  }
}

/** Whether something is wrong: what is only worth knowing is not. */
export function isAnythingWrong({ findings }: HealthReport): boolean {
  return findings.some(({ severity }) => severity !== 'info')
}
