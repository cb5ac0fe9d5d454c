import schema from '../../../schemas/observation.json' with { type: 'json' }

/**
 * What about a recording from elsewhere is not as it should be; undefined where all is. Its numbers are printed as they are,
 * so nothing else may stand where a number should.
 */
export async function faultOf(document: unknown): Promise<string | undefined> {
  const { Ajv } = await import('ajv')
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema)
  if (validate(document)) return undefined
  const [first] = validate.errors ?? []
  return `${first?.instancePath || 'the document'} ${first?.message ?? 'does not fit its schema'}`
}
