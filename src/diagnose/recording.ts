import { InputError } from '../errors.ts'
import { safeJson } from '../terminal/json.ts'
import type { Observation } from './observation.ts'

export const OBSERVATION_SCHEMA = 'linsight/observation/1'

/** The file of `linsight diagnose --record`: everything that was seen, so that it gives the same findings anywhere. */
export interface ObservationDocument {
  schema: typeof OBSERVATION_SCHEMA
  host?: string | undefined
  takenAt?: string | undefined
  seen: Observation
}

/** The text of a recording, in pieces: processes one a line, so that two of them diff. */
export function* observationText(seen: Observation): Generator<string> {
  const { host, takenAt } = seen
  const { processes, ...rest } = seen
  yield `${safeJson({ schema: OBSERVATION_SCHEMA, host, takenAt }).slice(0, -1)},"seen":${safeJson(rest).slice(0, -1)},"processes":[`
  let separator = '\n'
  for (const process of processes) {
    yield `${separator}${safeJson(process)}`
    separator = ',\n'
  }
  yield ']}}\n'
}

/** Whether a text begins as a recording of a diagnosis does. */
export const isObservation = (head: string): boolean => head.slice(0, 80).includes(`"${OBSERVATION_SCHEMA}"`)

/**
 * The other direction of {@link observationText}. `label` names the file in messages.
 *
 * @throws InputError `input-format`
 */
export function parseObservation(text: string, label: string): Observation {
  const damaged = (what: string, cause?: unknown) =>
    new InputError('input-format', `the recording ${label} is damaged: ${what}`, {
      hint: 'make it anew with: linsight diagnose --record FILE',
      cause,
    })
  let document: Partial<ObservationDocument>
  try {
    document = JSON.parse(text) as Partial<ObservationDocument>
  } catch (error) {
    throw damaged('it is cut short or no JSON', error)
  }
  const { seen } = document
  if (typeof seen !== 'object' || seen === null) throw damaged('it holds nothing that was seen')
  const missing = LISTS.find(name => !Array.isArray(seen[name]))
  if (missing !== undefined) throw damaged(`${missing} is no list`)
  const absent = TABLES.find(name => typeof seen[name] !== 'object' || seen[name] === null)
  if (absent !== undefined) throw damaged(`${absent} is no object`)
  if (typeof seen.durationMs !== 'number' || typeof seen.userHz !== 'number') throw damaged('its times are missing')
  return seen
}

const LISTS = [
  'processes',
  'namespaces',
  'locks',
  'machine',
  'cgroups',
  'mounts',
  'disks',
  'deletedFiles',
  'growingFiles',
  'notLooked',
  'observers',
  'fuseDaemons',
] as const
const TABLES = ['socketOwners', 'pipeReaders', 'unixPeers', 'lockHolders', 'unreadable'] as const
