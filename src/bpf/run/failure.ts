import type { Check } from '../doctor/check-machine.ts'
import { predictAttach } from '../doctor/attach.ts'
import { MachineError, ToolError, type LinsightError } from '../../errors.ts'
import type { BpfError, BpfSession } from '../model.ts'
import { placeText } from './place-text.ts'

/**
 * Whether a run, live or recorded, failed, judged by what bpftrace printed and did: it exits with 0 after most failures,
 * and says how many probes it attached before it attaches them. `checks` are those of the machine it ran on, where that
 * is this one.
 */
export function bpfFailure(session: BpfSession, checks: readonly Check[]): LinsightError | undefined {
  const { header, end, attached } = session
  const { job, script } = header
  // A recording that was cut short does not tell how the run went on.
  if (end === undefined) return undefined
  const errors = session.errors()
  const wasStopped = end.endedBy !== 'itself'
  const what = script ?? job ?? 'the program'
  if (end.signal !== undefined && !wasStopped) {
    return new ToolError(`bpftrace was ended by ${end.signal} while it ran ${what}${because(session)}`, {
      hint: 'report a crash of bpftrace to its developers, with the program that linsight bpf show prints',
    })
  }
  const attachedNothing =
    script === undefined ? !session.isReady && !wasStopped : attached === 0 || (attached === undefined && !wasStopped)
  const failed = attachedNothing || (!wasStopped && (end.exitCode ?? 0) !== 0 && errors.length > 0)
  if (!failed) return undefined
  if (script !== undefined && errors.some(({ at, text }) => at !== undefined && !MISSES.test(text)))
    return new ToolError(`${what} does not compile${because(session)}`)
  if (script !== undefined && errors.some(({ text }) => text.includes('BPF stack limit')))
    return new ToolError(`${what} does not load${because(session)}`, { hint: 'shorter strings may do: --strlen 64' })
  // What keeps a tracepoint from attaching keeps everything else from attaching, too.
  const [check] = predictAttach([{ section: 'tracepoint/', name: '' }], ['bpftrace'], checks).against
  const message = `${what} attached nothing${because(session)}`
  if (check?.code === 'user')
    return new MachineError('not-permitted', `${message}: ${check.finding}`, { hint: check.do[0] })
  return new ToolError(check === undefined ? message : `${message}; ${check.finding}`, {
    hint: check?.do[0] ?? (script === undefined ? 'see linsight bpf list for the jobs that work here' : undefined),
  })
}

/** Errors with a place that are none of the program. */
const MISSES = /not found|No matches for|not available|Unable to attach/

/** At most that many reasons in one sentence. */
const MOST_REASONS = 3

function because(session: BpfSession): string {
  const { program = '' } = session.header
  const text = ({ text, at }: BpfError) => (at === undefined ? text : `${text} (${placeText(at, program)})`)
  const reasons = session.errors().map(text)
  if (reasons.length === 0) {
    if (session.lastWords !== undefined) reasons.push(session.lastWords)
    else if (session.attached === 0) reasons.push('its probes match nothing that is here')
  }
  return reasons.length === 0 ? '' : `: ${[...new Set(reasons)].slice(0, MOST_REASONS).join('; ')}`
}
