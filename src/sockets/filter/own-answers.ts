import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { programName, type ProcessFacts } from '../../processes/process-facts.ts'
import type { Ownerless, Socket } from '../model.ts'
import { isTimeWaitSocket } from '../tables/inet-row.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { toByteString } from './byte-string.ts'
import { compare } from './compare.ts'
import { negated, type Answer } from './evaluate.ts'
import { fieldFacts, type NumberField, type TextField } from './language/fields.ts'
import { isLike } from './host-answers.ts'
import type { FilterLeaf, Operator } from './language/tree.ts'

export interface OwnerContext {
  /** Name of a user. */
  user: (uid: number) => string | undefined
  /** Ticks per second of the timers. */
  userHz: number
  /** Number (`net:[…]`) and label of the namespace that is listed, where sockets do not say theirs. */
  netns: readonly string[]
}

/** How long the kernel keeps a socket in TIME_WAIT. Source: Linux include/net/tcp.h, TCP_TIMEWAIT_LEN. */
const TIME_WAIT_S = 60

/** What a number is of this socket; for a pid, of each process that holds it. */
export function answerNumber(
  { field, operator, value }: Extract<FilterLeaf, { kind: 'number' }>,
  socket: Socket,
  context: OwnerContext,
): Answer {
  if (field === 'pid') {
    if (operator === '!=') return negated(answerOwners(socket, process => process.pid === value))
    return answerOwners(socket, process => compare(process.pid, operator, value))
  }
  const number = numberOf(field, socket, context)
  return typeof number === 'number' ? compare(number, operator, value) : number
}

function numberOf(
  field: Exclude<NumberField, 'pid' | 'inode'>,
  { row, kernel }: Socket,
  { userHz }: OwnerContext,
): number | 'unknown' | 'foreign' {
  const isTcp = row.table === 'tcp' || row.table === 'tcp6'
  switch (field) {
    case 'recvq':
      return ('rxQueueBytes' in row ? row.rxQueueBytes : undefined) ?? 'unknown'
    case 'sendq':
      return ('txQueueBytes' in row ? row.txQueueBytes : undefined) ?? 'unknown'
    case 'uid':
      return uidOf(row) ?? 'unknown'
    case 'retrans':
      return isTcp ? row.retransmits : 'foreign'
    case 'age':
      return isInetRow(row) && row.state === TCP_STATE.timeWait && isTimeWaitSocket(row)
        ? TIME_WAIT_S - row.timerTicks / userHz
        : 'unknown'
    case 'rtt': {
      if (!isTcp || row.state === TCP_STATE.listen || row.state === TCP_STATE.timeWait) return 'foreign'
      const rttUs = kernel?.tcpInfo?.rttUs
      return rttUs === undefined ? 'unknown' : rttUs / 1000
    }
  }
}

/** Who made the socket; undefined where the table does not say, or the kernel has forgotten. */
function uidOf(row: Socket['row']): number | undefined {
  if (isInetRow(row) && isTimeWaitSocket(row)) return undefined
  return 'uid' in row ? row.uid : undefined
}

/** Both are decimal and may exceed what a number holds exactly. */
export function compareInodes(own: string, operator: Operator, asked: string): boolean {
  if (own.length !== asked.length) return compare(own.length, operator, asked.length)
  return compare(own === asked ? 0 : own < asked ? -1 : 1, operator, 0)
}

/** What a text is of this socket; of processes it is enough that one is so. */
export function answerText(
  { field, operator, value }: Extract<FilterLeaf, { kind: 'text' }>,
  socket: Socket,
  context: OwnerContext,
): Answer {
  const isGlob = operator === '~' || operator === '!~'
  const asked = toByteString(value)
  const fits = (text: string) => (isGlob ? isLike(value, text) : text === asked)
  const answer = answerField(field, socket, context, isGlob ? fits : exactly(field, asked, fits))
  return operator === '!=' || operator === '!~' ? negated(answer) : answer
}

/** As much of a container's ID as its tools print means that container. */
const SHORT_ID = 12

function exactly(field: TextField, asked: string, fits: (text: string) => boolean): (text: string) => boolean {
  if (field !== 'container' || asked.length < SHORT_ID) return fits
  return text => text === asked || text.startsWith(asked)
}

function answerField(
  field: TextField,
  socket: Socket,
  { user, netns }: OwnerContext,
  fits: (text: string) => boolean,
): Answer {
  switch (field) {
    case 'user': {
      const uid = uidOf(socket.row)
      if (uid === undefined) return 'unknown'
      const name = user(uid)
      return fits(String(uid)) || (name !== undefined && fits(toByteString(name)))
    }
    case 'netns': {
      const own = socket.netns
      const names = own === undefined ? netns : [own.netns, own.label]
      if (names.length === 0) return 'unknown'
      return names.some(name => fits(name) || fits(/^net:\[(\d+)\]$/.exec(name)?.[1] ?? name))
    }
    case 'reason':
      if (socket.owners === undefined) return 'unknown'
      return socket.ownerless === undefined ? false : fits(socket.ownerless.reason)
    default:
      return answerOwners(socket, process => {
        const text = processText(field, process)
        return text === undefined ? undefined : text !== NONE && fits(text)
      })
  }
}

/** A process has no unit or container. */
const NONE = Symbol('none')

/** Undefined where it could not be read. */
function processText(
  field: Exclude<TextField, 'user' | 'netns' | 'reason'>,
  process: ProcessFacts,
): string | typeof NONE | undefined {
  switch (field) {
    case 'comm':
      return process.comm
    case 'program':
      return programName(process)
    case 'cmdline':
      return process.args?.join(' ')
    case 'exe':
      return process.exe?.path
    case 'unit':
    case 'container':
      return process[field] ?? (process.cgroup === undefined ? undefined : NONE)
  }
}

/** Reasons that leave open who holds a socket. */
const OPEN_REASONS: ReadonlySet<Ownerless['reason']> = new Set([
  'in-flight',
  'hidden',
  'outside-pid-namespace',
  'gone',
  'not-recorded',
])

/** Whether one of the processes that hold a socket is so; where none is known, whether there can be one. */
function answerOwners({ owners, ownerless }: Socket, is: (process: ProcessFacts) => boolean | undefined): Answer {
  if (owners === undefined) return 'unknown'
  if (owners.length === 0) return ownerless === undefined || OPEN_REASONS.has(ownerless.reason) ? 'unknown' : false
  let answer: Answer = false
  for (const { process } of owners) {
    const one = is(process)
    if (one === true) return true
    if (one === undefined) answer = 'unknown'
  }
  return answer
}

/** Whether a field of ours is asked of processes. */
export const asksOwners = (field: NumberField | TextField): boolean => fieldFacts(field).owners !== undefined
