import { checkMachine, type Check } from './check-machine.ts'
import type { BpfMachine } from './machine/machine.ts'
import { openMachine, type MachineFiles } from './machine/machine-files.ts'
import { readBpfMachine } from './machine/read-machine.ts'

/** A machine, its files, and what the doctor concludes about it. */
export interface MachineContext {
  files: MachineFiles
  machine: BpfMachine
  checks: readonly Check[]
}

/** Reads and checks a machine: this one, or the recording at `from`. */
export function machineContext(from?: string): MachineContext {
  const files = openMachine(from)
  const machine = readBpfMachine(files)
  return { files, machine, checks: checkMachine(machine) }
}
