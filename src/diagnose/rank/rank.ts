import { SEVERITIES } from '../../statement.ts'
import type { Cause } from '../causes.ts'
import type { Finding, Named } from '../model.ts'

/**
 * Causes from the root outwards. A finding about a process is a consequence of another finding about the same process
 * that stands further left, where both are in this list: who is stopped does not accept either.
 */
const DEPTH: readonly (readonly Cause[])[] = [
  ['oom-kill', 'crash-loop', 'frozen-cgroup', 'stopped-process'],
  ['fuse-not-answering', 'blocked-in-kernel', 'file-lock-wait'],
  ['pipe-full', 'unix-queue-full', 'fd-exhausted', 'pids-limit', 'nproc-limit', 'disk-full', 'inodes-exhausted'],
  ['cpu-throttled', 'major-faults'],
  ['memory-limit-pressure', 'inherited-listener', 'reuseport-member-stuck'],
  ['accept-queue-full', 'accept-queue-not-served', 'reader-stuck', 'close-wait-leak', 'fin-wait2-pile', 'port-taken'],
  ['syn-backlog', 'connect-timeout', 'connection-refused', 'peer-zero-window', 'retransmits', 'dns-timeout'],
]

const depthOf = (cause: Cause) => DEPTH.findIndex(level => level.includes(cause))

/** Pairs that are told by one of them: the second says nothing more where the first is said of the same process. */
const SAID_BY: readonly (readonly [said: Cause, unsaid: Cause])[] = [
  ['busy-poll', 'cpu-hog'],
  ['tiny-io', 'cpu-hog'],
  ['lock-contention', 'cpu-hog'],
  ['enoent-storm', 'cpu-hog'],
  ['fork-storm', 'cpu-hog'],
  ['wakeup-storm', 'cpu-hog'],
  ['fsync-storm', 'cpu-hog'],
  ['busy-poll', 'wakeup-storm'],
  ['lock-contention', 'wakeup-storm'],
  ['disk-full', 'runaway-log'],
  ['oom-kill', 'memory-growth'],
  ['oom-kill', 'memory-limit-pressure'],
  ['oom-kill', 'major-faults'],
  ['runaway-log', 'tiny-io'],
  ['fork-storm', 'enoent-storm'],
]

/** Findings in the order of what to look at first; those that follow from another one are put below it. */
export function rank(findings: readonly Finding[]): Finding[] {
  const merged = mergeAlike(findings)
  const ordered = merged.toSorted(compare)
  const kept: Finding[] = []
  const folded = new Set<Finding>()
  for (const finding of ordered.toSorted((a, b) => depth(a) - depth(b))) {
    const root = ordered.find(other => other !== finding && !folded.has(other) && isConsequence(finding, other))
    if (root === undefined) continue
    folded.add(finding)
    root.consequences.push(finding)
    if (SEVERITIES.indexOf(finding.severity) < SEVERITIES.indexOf(root.severity)) root.severity = finding.severity
    // Who waits in vain for the culprit suffers from it.
    const clients = finding.towards.some(peer => names(root.culprits, peer)) ? finding.culprits : []
    root.victims = uniqueNames([...root.victims, ...clients, ...finding.victims], root.culprits)
    root.reach += finding.reach
  }
  for (const finding of ordered) if (!folded.has(finding)) kept.push(finding)
  return kept.toSorted(compare)
}

const depth = ({ cause }: Finding) => {
  const at = depthOf(cause)
  return at < 0 ? Infinity : at
}

/** Failing before costing; the root before what follows from it; then by how many suffer. */
function compare(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    depth(a) - depth(b) ||
    b.reach - a.reach ||
    (a.culprit?.pid ?? 0) - (b.culprit?.pid ?? 0)
  )
}

function isConsequence(finding: Finding, root: Finding): boolean {
  if (finding.mayFollow) return !root.mayFollow && concernsSame(finding, root)
  if (finding.cause === 'disk-full' && finding.place === root.place && finding.place !== undefined)
    return root.cause === 'deleted-file-space' || (root.cause === 'runaway-log' && finding.severity === 'warning')
  if (sharesCulprit(finding, root)) {
    if (SAID_BY.some(([said, unsaid]) => said === root.cause && unsaid === finding.cause)) return true
    return depthOf(finding.cause) > depthOf(root.cause) && depthOf(root.cause) >= 0
  }
  if (depthOf(root.cause) < 0 || depthOf(finding.cause) <= depthOf(root.cause)) return false
  // Who suffers from the one is accused of the other, or who is accused is its victim's destination.
  return (
    finding.culprits.every(culprit => names(root.victims, culprit)) ||
    finding.towards.some(peer => names(root.culprits, peer))
  )
}

/** Whether the same processes are accused or suffer; of a program that is gone its name tells. */
const concernsSame = ({ culprits: [starter, program] }: Finding, { culprits, victims }: Finding) =>
  [...culprits, ...victims].some(
    ({ pid, comm }) =>
      (pid !== undefined && (pid === starter?.pid || pid === program?.pid)) ||
      (comm !== undefined && comm === program?.comm),
  )

const sharesCulprit = (a: Finding, b: Finding) => a.culprits.some(culprit => names(b.culprits, culprit))

const names = (list: readonly Named[], { pid, comm }: Named) =>
  list.some(
    one => (pid !== undefined && one.pid === pid) || (pid === undefined && one.comm === comm && comm !== undefined),
  )

/** The same cause of the same program is one finding with several processes. */
function mergeAlike(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>()
  for (const finding of findings) {
    const program = finding.culprit?.comm ?? ''
    const key = `${finding.cause} ${finding.severity} ${program === '' ? finding.finding : program}`
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { ...finding, culprits: [...finding.culprits], consequences: [] })
    else {
      known.culprits = uniqueNames([...known.culprits, ...finding.culprits], [])
      known.victims = uniqueNames([...known.victims, ...finding.victims], known.culprits)
      known.reach += finding.reach
    }
  }
  return [...merged.values()]
}

function uniqueNames(list: readonly Named[], without: readonly Named[]): Named[] {
  const kept = new Map<string, Named>()
  for (const one of list)
    if (!names(without, one)) kept.set(`${one.pid ?? ''} ${one.pid === undefined ? one.comm : ''}`, one)
  return [...kept.values()]
}
