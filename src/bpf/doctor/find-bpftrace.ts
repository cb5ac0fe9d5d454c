import { readTool } from '../../children/read-tool.ts'
import { MachineError, ToolError } from '../../errors.ts'
import type { Dialect } from '../model.ts'
import { parseBpftraceVersion } from '../run/output/bpftrace-json.ts'
import type { BpfMachine } from './machine/machine.ts'

/** A machine that is worth tracing may be busy. */
const ANSWER_WITHIN_MS = 30_000

export interface Bpftrace {
  path: string
  version: string
  dialect: Dialect
}

/**
 * bpftrace of this machine with its version.
 *
 * @throws MachineError where it is not installed, or where this version does not run for this user
 */
export async function findBpftrace({ programs, user }: Pick<BpfMachine, 'programs' | 'user'>): Promise<Bpftrace> {
  const path = programs.bpftrace
  if (path === undefined) {
    throw new MachineError('tool-missing', 'bpftrace is not installed', {
      hint: 'see linsight bpf doctor for the command that installs it',
    })
  }
  const answer = await readTool(path, ['-V'], { timeoutMs: ANSWER_WITHIN_MS })
  const known = parseBpftraceVersion(answer.stdout)
  if (known === undefined) {
    throw new ToolError(
      `${path} -V does not say a version: ${answer.stdout.slice(0, 80) || answer.stderr.slice(0, 80)}`,
    )
  }
  if (known.dialect !== 'C' && user.effectiveUid !== undefined && user.effectiveUid !== 0) {
    throw new MachineError(
      'not-permitted',
      `bpftrace ${known.version} refuses every user but root; from 0.24 on CAP_BPF and CAP_PERFMON suffice`,
      { hint: 'run it as root (sudo), or install a newer bpftrace' },
    )
  }
  return { path, ...known }
}
