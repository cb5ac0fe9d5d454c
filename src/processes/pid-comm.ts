import { optional } from '../errors.ts'
import type { ProcSource } from '../proc/proc-source.ts'

/**
 * Name of a process (`812`) or thread (`812/task/813`) from /proc/PID/comm: at most 15 bytes, a byte string. Undefined where
 * it has ended. Source: proc_pid_comm(5).
 */
export function readComm(source: ProcSource, folder: string | number): string | undefined {
  return optional(() => source.readFile(`${folder}/comm`).toString('latin1').replace(/\n$/, ''))
}
