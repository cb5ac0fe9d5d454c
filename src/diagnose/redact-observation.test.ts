import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import schema from '../../schemas/observation.json' with { type: 'json' }
import { fixture } from '../../test/support/paths.ts'
import { hostNames, redacted } from '../redact/redaction.ts'
import { UNKNOWN_FORM } from '../redact/texts.ts'
import { diagnose } from './conclude.ts'
import type { Observation } from './observation.ts'
import { observationText, parseObservation } from './recording.ts'
import { redactObservation } from './redact-observation.ts'

const folder = fixture('diagnose/')
const recordings = readdirSync(folder).filter(file => file.endsWith('.diag.json'))
const read = (file: string) => parseObservation(readFileSync(`${folder}${file}`, 'utf8'), file)
const redact = (seen: Observation) =>
  redacted({ hosts: hostNames(seen.host), users: ['alice'] }, redaction => redactObservation(seen, redaction))

/** Addresses but loopback, and elements of paths that only a site has. */
const identifying = (text: string) =>
  new Set([
    ...(text.match(/(?<![\d.])(?!127\.|0\.)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g) ?? []),
    ...(text.match(/svc-[a-z\d_]{6,}/g) ?? []),
    ...(text.match(/"host":"[^"]+"/g) ?? []),
  ])

describe('the same is found in it, and nothing of the site is left', () => {
  test.each(recordings)('%s', file => {
    const seen = read(file)
    const shown = redact(seen)
    const found = ({ findings, notes }: ReturnType<typeof diagnose>) =>
      [...findings, ...notes].map(({ cause, severity, culprits }) => ({
        cause,
        severity,
        pids: culprits.map(({ pid }) => pid),
      }))
    expect(found(diagnose(shown))).toEqual(found(diagnose(seen)))
    const text = [...observationText(shown)].join('')
    for (const name of identifying([...observationText(seen)].join(''))) expect(text).not.toContain(name)
    expect(text).not.toContain(UNKNOWN_FORM)
    expect(parseObservation(text, 'x')).toEqual(shown)
  })
})

test('every text of the schema has a rule: none is lost, none stays by mistake', () => {
  const seen = sampleOf(schema.definitions.Observation, 'alice 10.9.8.7') as Observation
  const text = JSON.stringify(redact(seen))
  expect(text).not.toContain(UNKNOWN_FORM)
  const left = new Set([...text.matchAll(/"(\w+)":\[*"[^"]*(?:alice|10\.9\.8\.7)/g)].map(([, key]) => key!))
  expect([...left].toSorted()).toEqual(KEPT)
})

/** What the kernel, or the rules, named. */
const KEPT = (
  'arch call causes code descriptorKinds device diskStates error family file inode kind mntns name netns ' +
  'samples severity signal sleepsIn stack startedAt state syscall takenAt type wchan'
).split(' ')

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  items?: Schema | Schema[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
}

/** A value of the schema with one text everywhere. */
function sampleOf(part: Schema, text: string): unknown {
  if (part.$ref !== undefined)
    return sampleOf(
      (schema.definitions as unknown as Record<string, Schema>)[decodeURIComponent(part.$ref.split('/').at(-1)!)]!,
      text,
    )
  const [first] = part.anyOf ?? []
  if (first !== undefined) return sampleOf(first, text)
  if (part.type === 'array')
    return (Array.isArray(part.items) ? part.items : [part.items ?? {}]).map(item => sampleOf(item, text))
  if (part.type === 'object')
    return Object.fromEntries(Object.entries(part.properties ?? {}).map(([key, value]) => [key, sampleOf(value, text)]))
  return [part.type].flat().includes('string') ? text : 1
}
