import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition; false where it did not come in time. */
export async function until(condition: () => boolean, limitMs = 15_000): Promise<boolean> {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    if (condition()) return true
    await sleep(20)
  }
  return condition()
}

/** A line of /proc/PID/status; undefined where the process is gone. */
export function statusField(pid: number, key: string): string | undefined {
  try {
    return new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  } catch {
    return undefined
  }
}

/** Whether the process exists. A zombie that its new parent has not reaped yet is as dead as can be. */
export function isAlive(pid: number): boolean {
  const state = statusField(pid, 'State')
  return state !== undefined && !state.startsWith('Z')
}
