import type { Check } from '../doctor/check-machine.ts'
import { predictAttach } from '../doctor/attach.ts'
import { MachineError, ToolError, type LinsightError } from '../../errors.ts'
import type { ToolResult } from '../../children/child-tool.ts'
import type { BpfSession } from '../model.ts'

/**
 * Whether a run failed, judged by what bpftrace printed and did: it exits with 0 after most failures, and says how many
 * probes it attached before it attaches them.
 */
export function bpfFailure(
  session: BpfSession,
  result: ToolResult,
  checks: readonly Check[],
): LinsightError | undefined {
  const { job, script } = session.header
  const errors = session.errors()
  const wasStopped = result.endedBy !== 'itself'
  const what = script ?? job ?? 'the program'
  if (result.signal !== undefined && !wasStopped) {
    return new ToolError(`bpftrace was ended by ${result.signal} while it ran ${what}${because(errors)}`, {
      hint: 'report a crash of bpftrace to its developers, with the program that linsight bpf show prints',
    })
  }
  const attachedNothing = script === undefined ? !session.isReady : session.attached === 0
  const failed = attachedNothing ? !wasStopped : (result.exitCode ?? 0) !== 0 && errors.length > 0
  if (!failed) return undefined
  // What keeps a tracepoint from attaching keeps everything else from attaching, too.
  const [check] = predictAttach([{ section: 'tracepoint/', name: '' }], ['bpftrace'], checks).against
  const message = `${what} attached nothing${because(errors.length > 0 ? errors : lastLine(result.stderr))}`
  if (check?.code === 'user')
    return new MachineError('not-permitted', `${message}: ${check.finding}`, { hint: check.do[0] })
  return new ToolError(check === undefined ? message : `${message}; ${check.finding}`, {
    hint: check?.do[0] ?? (script === undefined ? 'see linsight bpf list for the jobs that work here' : undefined),
  })
}

const because = (reasons: readonly string[]) => (reasons.length === 0 ? '' : `: ${reasons.slice(0, 3).join('; ')}`)

const lastLine = (stderr: string) =>
  stderr
    .trimEnd()
    .split('\n')
    .slice(-1)
    .filter(line => line !== '')
