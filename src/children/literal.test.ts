import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberLiteral, stringLiteral } from './literal.ts'
import { withParams } from '../bpf/jobs/script-params.ts'

describe('string literals', () => {
  test.each([
    ['postgres', '"postgres"'],
    ['x" ; system("id")', String.raw`"x\x22\x20\x3b\x20system\x28\x22id\x22\x29"`],
    ['a\\', String.raw`"a\x5c"`],
    ['\n\xff', String.raw`"\x0a\xff"`],
    ['', '""'],
  ])('%j', (bytes, literal) => {
    expect(stringLiteral(bytes)).toBe(literal)
  })

  test('no byte string can be anything but the inside of one literal', () => {
    const bytes = fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 30 })
    fc.assert(
      fc.property(bytes, codes => {
        const text = String.fromCharCode(...codes)
        const literal = stringLiteral(text)
        expect(literal).toMatch(/^"(?:[A-Za-z0-9_./-]|\\x[0-9a-f]{2})*"$/)
        const back = literal
          .slice(1, -1)
          .replace(/\\x(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        expect(back).toBe(text)
      }),
    )
  })

  test.each(['a\0b', 'caf\u00e9\u0100'])('refused: %j', text => {
    expect(() => stringLiteral(text)).toThrow(RangeError)
  })
})

test.each([1.5, Number.NaN, Infinity, '1; exit()', '', '0x10', '01', '99999999999999999999'])(
  'no number: %j',
  value => {
    expect(() => numberLiteral(value)).toThrow(RangeError)
  },
)

describe('parameters of a script', () => {
  const script = 'tracepoint:a:b /comm == $name && pid == $pid/ { printf("$name %d", $pid); } // $name'

  test('values take the place of names, not inside strings and comments', () => {
    expect(withParams(script, ['name=a"b', 'pid=42'])).toBe(
      String.raw`tracepoint:a:b /comm == "a\x22b" && pid == 42/ { printf("$name %d", 42); } // $name`,
    )
  })

  test('a name that begins like another is not it', () => {
    expect(withParams('{ print(($a, $ab, $1)); }', ['a=1'])).toBe('{ print((1, $ab, $1)); }')
  })

  test.each([
    [['name'], /not NAME=VALUE/],
    [['=x'], /not NAME=VALUE/],
    [['a b=x'], /not NAME=VALUE/],
    [['1=x'], /not NAME=VALUE/],
    [['name=a', 'name=b'], /twice/],
    [['nosuch=a'], /no \$nosuch/],
    [['name=a\0'], /no string can hold/],
  ])('refused: %j', (params, message) => {
    expect(() => withParams(script, params)).toThrow(message)
  })

  test.each(['--unsafe', '-c id', '1;exit()', '1e3', ' 1', '0x1f'])('%j is text, not program', value => {
    expect(withParams('{ print($v); }', [`v=${value}`])).toMatch(
      /^\{ print\("(?:[A-Za-z0-9_./-]|\\x[0-9a-f]{2})*"\); \}$/,
    )
  })
})
