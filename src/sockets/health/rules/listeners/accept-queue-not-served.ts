import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { doingOf, isStopped, lookAtStack, secondsText, servicePlace } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { acceptedText, clientsOf, fullQueue, groupOf, isServed } from './queue-state.ts'
import { isStuckAlone } from './reuseport-member-stuck.ts'

/** Connections wait and none of them was taken between the looks; a queue is emptied from its old end. */
export const acceptQueueNotServed: HealthRule = {
  code: 'accept-queue-not-served',
  needsTwoLooks: true,
  why: 'Connections wait in both looks and nobody accepted one of them. A queue that is not empty is normal; one that nobody takes from is not.',
  thresholds: ['unservedSeconds'],
  check(facts) {
    const { seconds } = facts
    if (seconds === undefined || seconds < THRESHOLDS.unservedSeconds.value) return []
    return facts
      .inState(TCP_STATE.listen)
      .filter(listener => listener.row.rxQueueBytes > 0 && (facts.earlier(listener)?.row.rxQueueBytes ?? 0) > 0)
      .filter(listener => isLeftAlone(listener, facts) && !isStuckAlone(listener, facts))
      .filter(listener => fullQueue(listener, facts) === undefined)
      .map(listener => report(listener, seconds, facts))
  },
}

/** Of listeners that share a port it is known of each only where accept() was counted. */
function isLeftAlone(listener: InetSocket, facts: HealthFacts): boolean {
  const waits = facts.unaccepted(listener)
  if (facts.now.traced === undefined) return groupOf(listener, facts).length === 1 && waits.nobodyAccepted
  return isServed(listener, waits, facts) === false
}

function report(listener: InetSocket, seconds: number, facts: HealthFacts) {
  const { rxQueueBytes: waiting, acceptQueueLimit: limit } = listener.row
  const { stillWaiting } = facts.unaccepted(listener)
  const stopped = isStopped([listener], facts.now)
  return finding(
    'accept-queue-not-served',
    // What was counted is certain; a pause between two looks may be one.
    stopped || facts.now.traced !== undefined ? 'critical' : 'warning',
    stopped
      ? `is stopped: ${counted(waiting, 'connection')} to ${servicePlace(listener)} wait${waiting === 1 ? 's' : ''} for it`
      : `accepted no connection on ${servicePlace(listener)} for ${secondsText(seconds)} while ${waiting} waited`,
    {
      of: [listener],
      otherwise: 'the server',
      victims: clientsOf(listener, facts),
      measured: [measured('unservedSeconds', seconds, 'Recv-Q of net/tcp')],
      doing: doingOf([listener], facts.now),
      reach: waiting,
      evidence: [
        `Recv-Q ${waiting}${limit === undefined ? '' : ` of ${limit}`} now, and ${facts.earlier(listener)!.row.rxQueueBytes} in the look ${secondsText(seconds)} before`,
        ...(stillWaiting > 0
          ? [
              `the same ${counted(stillWaiting, 'connection')} waited in both looks (from ${THRESHOLDS.unservedSeconds.value} s between them on): accept() was not called`,
            ]
          : []),
        ...acceptedText(listener, facts),
      ],
      do: stopped
        ? ['find who stopped it (a shell with ^Z, a debugger, a supervisor), then kill -CONT it']
        : [lookAtStack([listener])],
      not: ['a larger backlog or net.core.somaxconn: nobody takes from the queue'],
    },
  )
}
