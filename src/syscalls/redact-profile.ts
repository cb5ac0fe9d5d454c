import {
  address,
  argument,
  kept,
  program,
  redactTexts,
  UNKNOWN_FORM,
  type TextRule,
  type TextRules,
} from '../redact/texts.ts'
import {
  redactAddresses,
  redactArgument,
  redactLink,
  redactPath,
  redactText,
  redactWords,
  type Redaction,
} from '../redact/words.ts'
import type { SyscallProfile } from './profile.ts'

/** A profile without what would name a site; numbers, and names of calls and programs, stay. */
export const redactProfile = (profile: SyscallProfile, redaction: Redaction): SyscallProfile =>
  redactTexts(profile, RULES, redaction)

/** What strace -yy shows of a socket: `TCP:[127.0.0.1:1->127.0.0.1:2]`, `UNIX-STREAM:[12->34,"/run/x"]`. */
const SOCKET = /^[A-Za-z0-9-]+:\[/

/** What a descriptor stands for, or a path that a call named. */
const file: TextRule = (text, redaction) =>
  SOCKET.test(text)
    ? redactAddresses(text, redaction.pseudonyms).replace(
        /"([^"]+)"/g,
        (_, path: string) => `"${redactPath(path, redaction)}"`,
      )
    : redactLink(text, redaction)

/**
 * A line of strace: `openat(AT_FDCWD</srv>, "/srv/x", O_RDONLY) = 3</srv/x>`. Strings are paths, or data of which nothing may
 * stay; numbers, flags and names of calls do.
 */
export function redactCallText(text: string, redaction: Redaction): string {
  const pieces = text.split(/("(?:[^"\\]|\\.)*"?|(?<=[0-9D])<(?:->|[^<>]|<[^<>]*>)*>)/)
  return pieces
    .map((piece, i) => {
      if (i % 2 === 0) return redactWords(piece, redaction)
      const inner = piece.slice(1, piece.endsWith(piece[0] === '<' ? '>' : '"') && piece.length > 1 ? -1 : undefined)
      if (piece.startsWith('<')) return `<${file(inner, redaction, 0)}>`
      return `"${redactString(inner, redaction)}"`
    })
    .join('')
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*)$/i

function redactString(text: string, redaction: Redaction): string {
  if (ADDRESS.test(text)) return redactAddresses(text, redaction.pseudonyms)
  return /^(?:\.{0,2}\/|@)\S*$/.test(text) ? redactPath(text, redaction) : redactArgument(text, redaction)
}

const RULES: TextRules = {
  'meta.command': argument,
  'meta.host': redactWords,
  'meta.kernel': redactWords,
  'files.name': file,
  'lookups.name': file,
  'peers.name': file,
  'failedConnects.address': address,
  'stacks.program': program,
  'stacks.target': file,
  'execs.path': program,
  'execs.argv': argument,
  comm: redactWords,
  text: redactCallText,
  'rejected.quote': () => UNKNOWN_FORM,
  'rejected.source': redactPath,
  'rejected.reason': kept,
  message: redactText,
  hint: redactText,
  overhead: kept,
  filter: redactWords,
  // Of calls, signals and tools.
  name: kept,
  abi: kept,
  errno: kept,
  signal: kept,
  kind: kept,
  backend: kept,
  toolVersion: kept,
  startedAt: kept,
  arch: kept,
  code: kept,
}
