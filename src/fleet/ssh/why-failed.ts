import type { HostFailure } from '../model.ts'

/** How an ssh ended that brought no answer. */
export interface SshEnd {
  exitCode: number | undefined
  signal?: NodeJS.Signals | undefined
  /** Byte string. */
  stderr: string
  /** The script over there had begun to answer. */
  began: boolean
  become: boolean
}

/** Why a host gave no answer, in a sentence that names it. */
export function whyFailed(host: string, { exitCode, signal, stderr, began, become }: SshEnd): HostFailure {
  const last = lastLine(stderr)
  const because = last === '' ? '' : `: ${last}`
  if (began) return { host, code: 'not-understood', message: `the answer of ${host} broke off${because}` }
  if (exitCode === 255)
    return {
      host,
      code: 'unreachable',
      message: `${host} could not be reached by ssh${because}`,
      hint: hintOf(stderr, host),
    }
  if (become && (exitCode === 1 || exitCode === 127 || exitCode === 126)) {
    return exitCode === 1
      ? { host, code: 'not-permitted', message: `sudo -n was refused on ${host}${because}`, hint: SUDO_HINT }
      : { host, code: 'no-shell', message: `there is no sudo on ${host}${because}`, hint: 'leave out --become' }
  }
  if (exitCode === 127 || exitCode === 126)
    return { host, code: 'no-shell', message: `there is no sh on ${host}${because}` }
  const how = exitCode === 0 ? 'nothing that was asked for' : signal === undefined ? `status ${exitCode}` : signal
  return {
    host,
    code: 'not-understood',
    message: `${host} answered with ${how}${because}`,
    hint: `see what its login does: ssh ${host} true`,
  }
}

const SUDO_HINT = 'allow it without a password in sudoers, or leave out --become: sockets of others then have no owner'

function hintOf(stderr: string, host: string): string | undefined {
  if (/host key verification failed/i.test(stderr))
    return `its key is not known, or another one: look at it with ssh ${host}`
  if (/permission denied/i.test(stderr))
    return `no password is asked for here: ssh ${host} has to work with a key or an agent`
  return undefined
}

const LONGEST_REASON = 300

/** ssh says why in its last line; what stands above may be a banner. */
function lastLine(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).filter(line => line.trim() !== '')
  return (lines.at(-1) ?? '').trim().slice(0, LONGEST_REASON)
}
