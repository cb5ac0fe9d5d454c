import { TCP_STATE } from '../../../../kernel/tcp-state.ts'
import type { HealthFacts } from '../../facts.ts'
import { byOwner, doingOf, during, local, ownersOf, remote } from '../../health-words.ts'
import { counted } from '../../../../terminal/units.ts'
import type { InetSocket } from '../../look.ts'
import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** The other side has closed, the program has not: each holds a descriptor until it does. */
export const closeWaitLeak: HealthRule = {
  code: 'close-wait-leak',
  why: 'The same sockets are in CLOSE_WAIT in both looks: the other side has closed, and the program has not. In one look alone more of them count.',
  thresholds: ['closeWaitSockets', 'closeWaitSocketsOnce'],
  check(facts) {
    const held = facts.inState(TCP_STATE.closeWait).filter(({ row }) => row.inode !== '0')
    return byOwner(held).flatMap(sockets => {
      const lasting = facts.before === undefined ? sockets : sockets.filter(socket => wasClosed(socket, facts))
      const { value: least } = THRESHOLDS[facts.before === undefined ? 'closeWaitSocketsOnce' : 'closeWaitSockets']
      return lasting.length < least ? [] : [report(sockets, lasting, least, facts)]
    })
  },
}

const wasClosed = (socket: InetSocket, facts: HealthFacts) => facts.earlier(socket)?.row.state === TCP_STATE.closeWait

function report(sockets: readonly InetSocket[], lasting: readonly InetSocket[], least: number, facts: HealthFacts) {
  const limit = limitOf(sockets, lasting, facts)
  return finding(
    'close-wait-leak',
    limit?.isNear ? 'critical' : 'warning',
    `does not close ${counted(sockets.length, 'connection')} that the other side has closed${limit?.isNear ? ', and has few descriptors left' : ''}`,
    {
      of: sockets,
      otherwise: 'a program',
      measured: [
        measured(facts.before === undefined ? 'closeWaitSocketsOnce' : 'closeWaitSockets', lasting.length, 'net/tcp'),
      ],
      doing: doingOf(sockets, facts.now),
      reach: lasting.length,
      evidence: [
        `${sockets.length} in CLOSE_WAIT${facts.before === undefined ? '; whether they last is not known from one look' : `, ${lasting.length} of them in both looks`} (a leak from ${least} on), as ${local(sockets[0]!)} with ${remote(sockets[0]!)}`,
        ...(limit === undefined ? [] : [limit.evidence]),
      ],
      do: ['fix that program: a close() is missing where read() returned 0', 'a restart gives the descriptors back'],
      not: ['any sysctl: none ends a CLOSE_WAIT', 'raising the limit of open files: it is reached later'],
    },
  )
}

/** Descriptors that are left, and for how long. */
function limitOf(sockets: readonly InetSocket[], lasting: readonly InetSocket[], facts: HealthFacts) {
  const pid = ownersOf(sockets[0]!)[0]?.pid
  const { openFilesLimit } = (pid !== undefined && facts.now.processes.get(pid)) || {}
  if (openFilesLimit === undefined || !Number.isFinite(openFilesLimit)) return undefined
  const left = openFilesLimit - sockets.length
  const fresh = sockets.length - lasting.length
  const perSecond = facts.seconds === undefined || facts.seconds <= 0 ? 0 : fresh / facts.seconds
  const when =
    perSecond > 0 ? `, ${fresh} more ${during(facts.seconds)}: full in ${duration(left / perSecond)} at most` : ''
  return {
    isNear: left <= openFilesLimit * NEAR || (perSecond > 0 && left / perSecond < SOON_S),
    evidence: `they take ${sockets.length} of its ${openFilesLimit} descriptors (/proc/${pid}/limits)${when}`,
  }
}

/** A share of the limit, and a time, in which the end is near. */
const NEAR = 0.05
const SOON_S = 60

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}
