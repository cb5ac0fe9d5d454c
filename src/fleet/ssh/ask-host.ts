import { randomBytes } from 'node:crypto'
import { startTool } from '../../children/child-tool.ts'
import { readTool } from '../../children/read-tool.ts'
import { collectorScript, type CollectorOrder } from '../collector/script.ts'
import { readLooks } from '../frames/read-looks.ts'
import type { HostAnswer, HostFailure } from '../model.ts'
import { ArrivingAnswer } from './read-answer.ts'
import { configurationArguments, sharesConnections, sshArguments } from './ssh-arguments.ts'
import { whyFailed } from './why-failed.ts'

/** Packed, as it comes; and unpacked. 50,000 sockets are 1.5 MB and 20 MB. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_UNPACKED_BYTES = 192 * 1024 * 1024
/** Of all hosts together. */
export const MOST_FLEET_BYTES = 1024 * 1024 * 1024
const LONGEST_CONNECT_S = 10

export interface AskOptions {
  /** The ssh program. */
  ssh: string
  order: Omit<CollectorOrder, 'nonce'>
  timeoutMs: number
  config?: string | undefined
  controlPath?: string | undefined
  become?: boolean | undefined
  signal?: AbortSignal | undefined
  /** What may still be kept of all hosts together; counted down. */
  room: { bytes: number }
}

/** Asks one host. Never throws for what is its fault: that is a {@link HostFailure}. */
export async function askHost(host: string, options: AskOptions): Promise<HostAnswer | HostFailure> {
  const { ssh, order, timeoutMs, config, become = false, signal, room } = options
  const nonce = randomBytes(16).toString('hex')
  const answer = new ArrivingAnswer(nonce, MOST_BYTES)
  let stopped: HostFailure['code'] | undefined
  const controlPath = await ownControlPath(host, options)
  if (signal?.aborted) return failure(host, 'interrupted')
  const askedAtMs = Date.now()
  const child = await startTool({
    file: ssh,
    args: sshArguments(host, {
      config,
      become,
      controlPath,
      connectSeconds: Math.max(1, Math.min(LONGEST_CONNECT_S, Math.floor(timeoutMs / 1000))),
    }),
    stdin: { text: collectorScript({ ...order, nonce }) },
    onChunk(chunk) {
      const why = stopped === undefined ? answer.push(chunk, Date.now()) : undefined
      if (why !== undefined) stop(why)
    },
  })
  const stop = (why: HostFailure['code']) => {
    stopped ??= why
    child.kill()
  }
  const interrupt = () => stop('interrupted')
  signal?.addEventListener('abort', interrupt, { once: true })
  const timer = setTimeout(() => stop('timed-out'), timeoutMs)
  const ended = await child.ended.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', interrupt)
  })
  if (stopped !== undefined) return failure(host, stopped, timeoutMs)
  if (answer.greeting?.form === 'none')
    return { host, code: 'not-linux', message: `${host} has no /proc that can be read (${answer.greeting.detail})` }
  if (answer.greeting === undefined) return whyFailed(host, { ...ended, began: false, become })
  try {
    const body = await answer.body(Math.min(MOST_UNPACKED_BYTES, room.bytes))
    room.bytes -= body.length
    const clock = /^(\d{1,11})$/.exec(answer.greeting.detail)?.[1]
    return {
      host,
      ...readLooks(body, nonce, `ssh:${host}`),
      askedAtMs,
      beganAtMs: answer.beganAtMs,
      endedAtMs: Date.now(),
      clockSeconds: clock === undefined ? undefined : Number(clock),
      bytes: answer.bytes,
    }
  } catch (error) {
    if (error instanceof RangeError) return failure(host, 'too-large')
    return ended.exitCode === 0
      ? {
          host,
          code: 'not-understood',
          message: `the answer of ${host} is not what was asked for: ${(error as Error).message}`,
        }
      : whyFailed(host, { ...ended, began: true, become })
  }
}

function failure(host: string, code: HostFailure['code'], timeoutMs = 0): HostFailure {
  if (code === 'timed-out')
    return {
      host,
      code,
      message: `${host} did not answer within ${timeoutMs / 1000} s`,
      hint: 'give it longer: --host-timeout, or timeoutMs of the library',
    }
  if (code === 'too-large') return { host, code, message: `the answer of ${host} is larger than what is taken` }
  if (code === 'interrupted') return { host, code, message: `${host} had not answered when it was asked to end` }
  return {
    host,
    code,
    message: `${host} answered with something else than what was asked for`,
    hint: `see: ssh ${host} true`,
  }
}

/** The user's own shared connections come first: behind a second factor they may be the only ones. */
async function ownControlPath(host: string, { ssh, config, controlPath }: AskOptions): Promise<string | undefined> {
  if (controlPath === undefined) return undefined
  const { stdout } = await readTool(ssh, configurationArguments(host, config)).catch(() => ({ stdout: '' }))
  return sharesConnections(stdout) ? undefined : controlPath
}
