import type { DiagnoseQuery } from '../diagnose/index.ts'
import { UsageError } from '../errors.ts'
import type { SocketQuery } from '../sockets/answer/index.ts'
import type { TimeWaitQuery } from '../time-wait/index.ts'
import type { OpenRequest, ProcessQuery, WatchQuery } from './queries.ts'
import type { Question } from './thread/protocol.ts'

const KINDS = {
  text: isText,
  texts: (value: unknown) => Array.isArray(value) && value.every(isText),
  number: isNumber,
  numbers: (value: unknown) => (Array.isArray(value) ? value.every(isNumber) : isNumber(value)),
  flag: (value: unknown) => typeof value === 'boolean',
  signal: (value: unknown) => typeof (value as AbortSignal | null)?.throwIfAborted === 'function',
} satisfies Record<string, (value: unknown) => boolean>

const WORDS: Record<keyof typeof KINDS, string> = {
  text: 'a text',
  texts: 'a list of texts',
  number: 'a number',
  numbers: 'a number or a list of numbers',
  flag: 'true or false',
  signal: 'an AbortSignal',
}

/** What a field takes: a kind, or one of these words. */
type Field = keyof typeof KINDS | readonly string[]

const SOCKETS = {
  protocols: 'texts',
  family: ['ipv4', 'ipv6'],
  listening: 'flag',
  port: 'numbers',
  filter: 'text',
  owners: 'flag',
  tcpInfo: 'flag',
  peers: 'flag',
  netns: 'text',
  allNamespaces: 'flag',
  unlisted: 'flag',
} as const satisfies Record<keyof SocketQuery, Field>

const FIELDS: Record<Question, Record<string, Field>> = {
  open: {
    from: 'text',
    endian: ['little', 'big'],
    host: 'text',
    sshConfig: 'text',
    become: 'flag',
    timeoutMs: 'number',
  } satisfies Record<keyof OpenRequest, Field>,
  sockets: SOCKETS,
  timeWait: { by: 'text', filter: 'text', top: 'number', netns: 'text' } satisfies Record<keyof TimeWaitQuery, Field>,
  processes: { pid: 'numbers', kernelThreads: 'flag' } satisfies Record<keyof ProcessQuery, Field>,
  diagnose: {
    durationMs: 'number',
    trace: 'flag',
    pid: 'number',
    unit: 'text',
    container: 'text',
    cgroup: 'text',
  } satisfies Record<keyof DiagnoseQuery, Field>,
  watch: { ...SOCKETS, interval: 'number' } satisfies Record<keyof WatchQuery, Field>,
}

/**
 * Refuses what a compiler would have refused, for programs that have none: a field that is misspelt would else be no
 * condition at all.
 */
export function checkQuery(question: Question, query: unknown): void {
  const fields: Record<string, Field> = { ...FIELDS[question], signal: 'signal' }
  const hint = `it takes ${Object.keys(fields).join(', ')}`
  if (typeof query !== 'object' || query === null || Array.isArray(query))
    throw new UsageError(`${question}() takes an object with what is asked, not ${shown(query)}`, { hint })
  for (const [name, value] of Object.entries(query)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) throw new UsageError(`${question}() knows no ${shown(name)}`, { hint })
    if (value === undefined) continue
    const fits = typeof field === 'string' ? KINDS[field](value) : field.includes(value as string)
    const takes = typeof field === 'string' ? WORDS[field] : `one of ${field.join(', ')}`
    if (!fits) throw new UsageError(`${name} is ${shown(value)}, not ${takes}`)
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

const LONGEST = 40

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => (Array.isArray(item) ? 'a list' : shown(item))).join(', ')}]`
  if (typeof value === 'object' && value !== null) return 'an object'
  return (isText(value) ? JSON.stringify(value) : String(value)).slice(0, LONGEST)
}
