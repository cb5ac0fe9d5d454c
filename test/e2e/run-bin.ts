import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const ZOO = `${ROOT}fixtures/zoo.snap.json`

export interface Ended {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs one of our bins from dist, without a terminal. */
export function runBin(
  bin: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string } = {},
): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${ROOT}bin/${bin}.cjs`, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LINSIGHT_FROM: '', ...options.env },
    input: options.input ?? '',
    maxBuffer: 256 * 1024 * 1024,
  })
  return { status, stdout, stderr }
}
