import { readFileSync } from 'node:fs'
import { errnoOf, InputError } from '../../errors.ts'
import { machineContext, type MachineContext } from '../doctor/machine-context.ts'
import type { BpfRunFacts, Dialect } from '../model.ts'
import { STRING_BYTES } from '../jobs/build.ts'
import { withParams } from '../jobs/script-params.ts'
import { machineHeader } from './context.ts'

/** Pid of the command behind `--`, for the script's own conditions. */
const COMMAND_PID = /\$CMD_PID\b/g

export interface PreparedScript {
  context: MachineContext
  header: (tool: { version: string; dialect: Dialect }) => BpfRunFacts
  program: (commandPid: number | undefined) => string
}

/** Reads a user's script, puts its parameters in, and reads the machine it is to run on. */
export function prepareScript(file: string, params: readonly string[]): PreparedScript {
  const script = withParams(readScript(file), params)
  const context = machineContext()
  return {
    context,
    header: tool => ({
      ...machineHeader(context, tool),
      script: file,
      filter: {},
      intervalS: 1,
      stringBytes: STRING_BYTES,
      everyInterval: false,
    }),
    program: commandPid => script.replace(COMMAND_PID, String(commandPid ?? 0)),
  }
}

/** The script as a byte string. */
function readScript(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT')
      throw new InputError('input-missing', `there is no script ${file}`, { cause: error })
    throw new InputError('input-unreadable', `the script ${file} could not be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
