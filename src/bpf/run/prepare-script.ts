import { errnoOf, InputError, systemReason } from '../../errors.ts'
import { readForCaller } from '../../files/caller-rights.ts'
import { machineContext, type MachineContext } from '../doctor/machine-context.ts'
import type { BpfRunFacts, Dialect } from '../model.ts'
import { SCRIPT_BEAT_PROBES, scriptEnv, scriptStringBytes, withBeat } from '../jobs/build.ts'
import { withParams } from '../jobs/script-params.ts'
import { machineHeader } from './context.ts'

/** Pid of the command behind `--`, for the script's own conditions. */
const COMMAND_PID = /\$CMD_PID\b/g

export interface PreparedScript {
  context: MachineContext
  header: (tool: { version: string; dialect: Dialect }) => BpfRunFacts
  env: Readonly<Record<string, string>>
  program: (commandPid: number | undefined) => string
}

export interface ScriptOptions {
  params: readonly string[]
  /** Bytes of a string; what the user's environment, the script or bpftrace say where absent. */
  strlen?: number | undefined
}

/** Reads a user's script, puts its parameters in, and reads the machine it is to run on. */
export function prepareScript(file: string, { params, strlen }: ScriptOptions): PreparedScript {
  const script = withBeat(withParams(readScript(file), params))
  const context = machineContext()
  return {
    context,
    header: tool => ({
      ...machineHeader(context, tool),
      script: file,
      filter: {},
      intervalS: 1,
      stringBytes: scriptStringBytes(process.env, strlen, script, tool.dialect),
      ownProbes: SCRIPT_BEAT_PROBES,
      everyInterval: false,
    }),
    env: scriptEnv(process.env, strlen),
    program: commandPid => script.replace(COMMAND_PID, String(commandPid ?? 0)),
  }
}

/** The script as a byte string. */
function readScript(file: string): string {
  try {
    return readForCaller(file).toString('latin1')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT')
      throw new InputError('input-missing', `there is no script ${file}`, { cause: error })
    throw new InputError('input-unreadable', `the script ${file} could not be read: ${systemReason(error)}`, {
      cause: error,
    })
  }
}
