import { findTool } from '../children/find-tool.ts'
import { MachineError } from '../errors.ts'
import type { CollectorOrder } from './collector/script.ts'
import type { Fleet, HostAnswer, HostFailure } from './model.ts'
import { controlPath } from './ssh/control-folder.ts'
import { askHost, MOST_FLEET_BYTES } from './ssh/ask-host.ts'

/** How hosts are asked. */
export interface FleetOptions {
  /** Hosts asked at a time. */
  parallel?: number | undefined
  /** For each host, connecting included. */
  timeoutMs?: number | undefined
  /** Another configuration of ssh than the user's. */
  sshConfig?: string | undefined
  /** Look as root: `sudo -n`. */
  become?: boolean | undefined
  /** Ours: a linsight over there is used where its version fits. None is where this is absent. */
  version?: string | undefined
  signal?: AbortSignal | undefined
}

/** What the hosts are asked for. */
export interface FleetQuestion {
  /** Two looks tell what changes. */
  looks?: 1 | 2 | undefined
  /** Seconds between them, or that a diagnosis takes. */
  seconds?: number | undefined
  what?: 'snapshot' | 'diagnosis' | undefined
  /** Of a diagnosis: system calls may be traced. */
  tracing?: boolean | undefined
}

export const PARALLEL = 32
export const HOST_TIMEOUT_MS = 30_000

/**
 * Asks hosts over the user's own ssh, so many at a time. The script that looks needs nothing installed over there; a linsight
 * of our version is used instead where there is one.
 */
export async function askHosts(
  hosts: readonly string[],
  { looks = 1, seconds = 0, what = 'snapshot', tracing = true }: FleetQuestion,
  options: FleetOptions = {},
  onDone?: (done: number, total: number) => void,
): Promise<Fleet> {
  const ssh = findTool(['ssh'])
  if (ssh === undefined)
    throw new MachineError('tool-missing', 'there is no ssh here, so no other host can be asked', {
      hint: 'install openssh-client',
    })
  const { parallel = PARALLEL, timeoutMs = HOST_TIMEOUT_MS, sshConfig, become, version, signal } = options
  const order: Omit<CollectorOrder, 'nonce'> = {
    looks,
    pauseSeconds: seconds,
    ...(version !== undefined && {
      ask: { what, seconds, tracing, version: /^\d+\.\d+\./.exec(version)?.[0] ?? version },
    }),
  }
  const shared = controlPath(process.env, process.geteuid?.() ?? -1)
  const room = { bytes: MOST_FLEET_BYTES }
  const results: (HostAnswer | HostFailure)[] = []
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < hosts.length) {
      const at = next++
      results[at] = await askHost(hosts[at]!, {
        ssh,
        order,
        timeoutMs,
        config: sshConfig,
        controlPath: shared,
        become,
        signal,
        room,
      })
      onDone?.((done += 1), hosts.length)
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, hosts.length) }, worker))
  return {
    answers: results.filter((result): result is HostAnswer => 'sources' in result),
    failures: results.filter((result): result is HostFailure => 'code' in result),
    warnings: [],
  }
}
