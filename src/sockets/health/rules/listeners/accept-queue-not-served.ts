import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import {
  culpritOf,
  doingOf,
  isStopped,
  lookAtStack,
  plural,
  secondsText,
  servicePlace,
  who,
} from '../../health-words.ts'
import type { InetSocket } from '../../look.ts'
import { finding, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'
import { fullQueue, groupOf } from './queue-state.ts'

/** Connections wait and none of them was taken between the looks; a queue is emptied from its old end. */
export const acceptQueueNotServed: HealthRule = {
  code: 'accept-queue-not-served',
  needsTwoLooks: true,
  check(facts) {
    const { seconds } = facts
    if (seconds === undefined || seconds < THRESHOLDS.unservedSeconds.value) return []
    return facts
      .inState(TCP_STATE.listen)
      .filter(listener => listener.row.rxQueueBytes > 0 && (facts.earlier(listener)?.row.rxQueueBytes ?? 0) > 0)
      .filter(listener => groupOf(listener, facts).length === 1 && facts.unaccepted(listener).nobodyAccepted)
      .filter(listener => fullQueue(listener, facts) === undefined)
      .map(listener => report(listener, seconds, facts))
  },
}

function report(listener: InetSocket, seconds: number, facts: HealthFacts) {
  const { rxQueueBytes: waiting, acceptQueueLimit: limit } = listener.row
  const { stillWaiting } = facts.unaccepted(listener)
  const stopped = isStopped([listener], facts.now)
  const doing = doingOf([listener], facts.now)
  const name = who([listener], 'the server')
  return finding(
    'accept-queue-not-served',
    stopped ? 'critical' : 'warning',
    stopped
      ? `${name} is stopped: ${plural(waiting, 'connection')} to ${servicePlace(listener)} wait${waiting === 1 ? 's' : ''} for it`
      : `${name} accepted no connection on ${servicePlace(listener)} for ${secondsText(seconds)} while ${waiting} waited`,
    {
      culprit: culpritOf([listener]),
      evidence: [
        `Recv-Q ${waiting}${limit === undefined ? '' : ` of ${limit}`} now, and ${facts.earlier(listener)!.row.rxQueueBytes} in the look ${secondsText(seconds)} before`,
        `the same ${plural(stillWaiting, 'connection')} waited in both looks (from ${THRESHOLDS.unservedSeconds.value} s between them on): accept() was not called`,
        ...(doing === undefined ? [] : [doing]),
      ],
      do: stopped
        ? ['find who stopped it (a shell with ^Z, a debugger, a supervisor), then kill -CONT it']
        : [lookAtStack([listener])],
      not: ['a larger backlog or net.core.somaxconn: nobody takes from the queue'],
    },
  )
}
