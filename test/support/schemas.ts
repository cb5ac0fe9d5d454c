// Validates what commands print against schemas/*.json.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'

const FOLDER = fileURLToPath(new URL('../../schemas', import.meta.url))

/** Names of all schemas. */
export const SCHEMA_NAMES = readdirSync(FOLDER).map(file => basename(file, '.json'))

export const schemaOf = (name: string) =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Record<string, unknown> & { $id: string }

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true })
const compiled = new Map<string, ValidateFunction>()
const met = new Set<string>()

/** What about `value` is not as its schema says; empty where all is. */
export function schemaErrors(name: string, value: unknown): string[] {
  let validate = compiled.get(name)
  if (validate === undefined) compiled.set(name, (validate = ajv.compile(schemaOf(name))))
  if (validate(value)) {
    met.add(name)
    return []
  }
  return ofItsType(validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  )
}

/** The same of every line of a stream, and whether the last one is its summary. */
export function streamErrors(name: string, text: string): string[] {
  const lines = text.trimEnd().split('\n')
  const errors = lines.flatMap((line, i) =>
    schemaErrors(name, JSON.parse(line)).map(error => `line ${i + 1}: ${error}`),
  )
  const last = JSON.parse(lines.at(-1)!) as { type?: unknown }
  return last.type === 'summary' ? errors : [...errors, 'no summary']
}

/** What is not as it should be in lines of `linsight bpf run`, `script` or `replay`, or of `bcc`, where a job may follow. */
export function bpfLineErrors(lines: readonly { type: string }[], isTool: boolean): string[] {
  const replaced = isTool ? lines.findIndex(({ type }) => type === 'replaced') : -1
  return lines.flatMap((line, i) =>
    'error' in line ? [] : schemaErrors(isTool && (replaced === -1 || i <= replaced) ? 'bpf-tool' : 'bpf-run', line),
  )
}

/** Schemas that nothing has fitted so far. */
export const schemasUnmet = () => SCHEMA_NAMES.filter(name => !met.has(name))

/** A line fits none of the lines of other types: that is no news. */
function ofItsType(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const others = errors
    .filter(({ instancePath }) => instancePath === '/type')
    .map(({ schemaPath }) => schemaPath.replace(/properties\/type.*/, ''))
  const own = errors.filter(({ schemaPath }) => !others.some(other => schemaPath.startsWith(other)))
  return own.length > 1 ? own : errors
}
