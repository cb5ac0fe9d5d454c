import { UsageError } from '../../errors.ts'
import { numberLiteral, stringLiteral } from '../../children/literal.ts'

/** Names bpftrace gives a meaning of its own: positional parameters and scratch variables the script assigns. */
const NAME = /^[A-Za-z_]\w*$/

/**
 * A script with values in place of its `$NAME`s. A value of digits becomes a number; digits in quotes or behind a zero, and
 * everything else, a string literal of
 * harmless characters: no value can become program text or an option.
 *
 * @throws UsageError for a parameter that is malformed, given twice, not in the script, or needs a byte no literal holds
 */
export function withParams(script: string, params: readonly string[]): string {
  const values = new Map<string, string>()
  for (const param of params) {
    const equals = param.indexOf('=')
    const name = param.slice(0, equals)
    if (equals < 1 || !NAME.test(name)) {
      throw new UsageError(`--param ${param} is not NAME=VALUE`, { hint: 'a name is letters, digits and _' })
    }
    if (values.has(name)) throw new UsageError(`--param ${name} is given twice`)
    values.set(name, literalOf(name, param.slice(equals + 1)))
  }
  const used = new Set<string>()
  // Text between quotes and comments keeps its dollars.
  const filled = script.replace(
    /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|\$([A-Za-z_]\w*)/g,
    (token, name: string | undefined) => {
      const value = name === undefined ? undefined : values.get(name)
      if (value === undefined) return token
      used.add(name!)
      return value
    },
  )
  const unused = [...values.keys()].find(name => !used.has(name))
  if (unused !== undefined) throw new UsageError(`the script has no $${unused}`)
  return filled
}

function literalOf(name: string, value: string): string {
  if (/^-?(0|[1-9]\d{0,17})$/.test(value)) return numberLiteral(BigInt(value).toString())
  const quoted = /^"(-?\d+)"$/.exec(value)?.[1]
  try {
    return stringLiteral(Buffer.from(quoted ?? value, 'utf8').toString('latin1'))
  } catch (error) {
    throw new UsageError(`the value of --param ${name} holds a byte that no string can hold`, { cause: error })
  }
}
