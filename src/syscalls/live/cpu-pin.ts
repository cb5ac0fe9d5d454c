import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readTool } from '../../children/read-tool.ts'

/** Processes kept on one CPU. */
export interface CpuPin {
  /** Lets the process run where it could before. Happens by itself when we die, of whatever cause. */
  undo(alsoPids?: readonly number[]): Promise<void>
}

/** Waits for the end of its input, which our death is too, and gives all threads of a process their CPUs back. */
const GUARD = 'read _; exec "$1" -acp "$2" "$3"'

/**
 * Puts a process and its tracer on one CPU: handing over from one to the other then needs no other CPU to wake up.
 *
 * @param cpus where the process may run, as a list: `0-3,8`
 */
export async function pinToOneCpu(taskset: string, pid: number, tracer: number, cpus: string): Promise<CpuPin> {
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', taskset, cpus, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  const gone = once(guard, 'exit')
  gone.catch(() => {})
  guard.stdin.on('error', () => {})
  const cpu = /\d+$/.exec(cpus)![0]
  await readTool(taskset, ['-acp', cpu, String(tracer)])
  await readTool(taskset, ['-acp', cpu, String(pid)])
  return {
    async undo(alsoPids = []) {
      guard.stdin.end()
      await gone
      for (const child of alsoPids) await readTool(taskset, ['-acp', cpus, String(child)])
    },
  }
}
