import { readFileSync } from 'node:fs'
import { checkMachine } from '../doctor/check-machine.ts'
import { errnoOf, InputError } from '../../errors.ts'
import type { BpfRunHeader } from '../model.ts'
import { STRING_BYTES } from '../jobs/build.ts'
import { withParams } from '../jobs/script-params.ts'
import { openMachine } from '../doctor/machine/machine-files.ts'
import { machineHeader } from './context.ts'
import { readBpfMachine } from '../doctor/machine/read-machine.ts'
import type { PreparedJob } from './prepare-job.ts'

/** Pid of the command behind `--`, for the script's own conditions. */
const COMMAND_PID = /\$CMD_PID\b/g

export interface PreparedScript {
  situation: PreparedJob['situation']
  header: (tool: { version: string; dialect: 'A' | 'B' | 'C' }) => Omit<BpfRunHeader, 'program'>
  program: (commandPid: number | undefined) => string
}

/** A user's script with its parameters, and what is known of this machine. */
export function prepareScript(file: string, params: readonly string[]): PreparedScript {
  const script = withParams(readScript(file), params)
  const files = openMachine(undefined)
  const machine = readBpfMachine(files)
  return {
    situation: { files, machine, checks: checkMachine(machine) },
    header: tool => ({
      ...machineHeader(files, machine, tool),
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
