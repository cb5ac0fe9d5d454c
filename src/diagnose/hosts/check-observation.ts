import type { ValidateFunction } from 'ajv'
import schema from '../../../schemas/observation.json' with { type: 'json' }

/** Made when it is first asked for: that takes longer than most recordings. */
let validate: ValidateFunction | undefined

/**
 * What about a recording from elsewhere is not as it should be; undefined where all is. Its numbers are printed as they are,
 * so nothing else may stand where a number should.
 */
export async function faultOf(document: unknown): Promise<string | undefined> {
  validate ??= new (await import('ajv')).Ajv({ allowUnionTypes: true }).compile(schema)
  if (validate(document)) return undefined
  const [first] = validate.errors ?? []
  return `${first?.instancePath || 'the document'} ${first?.message ?? 'does not fit its schema'}`
}
