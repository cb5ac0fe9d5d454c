import { expect, test } from 'vitest'
import { commandPage, entry, sectionText, type PageCommand } from './command-page.ts'

const FACTS = {
  name: 'linsight-do',
  typed: 'linsight do',
  bin: 'linsight',
  id: 'do',
  version: '1',
  date: '2026-11-21',
  seeAlso: ['linsight', 'other'],
}
const page = (command: PageCommand) => commandPage(command, FACTS)

test('two columns become terms, a blank line a new paragraph', () => {
  expect(sectionText('\nRecv-Q  bytes\n\nFirst.\n\nSecond.')).toBe(
    '.TP\n\\fBRecv\\-Q\\fR\nbytes\n.PP\nFirst.\n.PP\nSecond.\n',
  )
})

test('a term without a text is none that swallows the next', () => {
  expect(entry('x', ' ')).toBe('.TP\nx\n\\&\n')
})

test.each([
  [{ type: 'option', helpValue: 'PID', multiple: true }, '\\fB\\-\\-x\\fR=\\fIPID\\fR...\n'],
  [{ type: 'option', options: ['a', 'b'], default: 'a' }, '\\fB\\-\\-x\\fR=\\fIa|b\\fR\nof it (default a)\n'],
  [{ type: 'option' }, '\\fB\\-\\-x\\fR=\\fIN\\fR\n'],
  [{ type: 'boolean', char: 'q' }, '\\fB\\-q\\fR, \\fB\\-\\-x\\fR\nof it\n'],
  [{ type: 'boolean', allowNo: true }, '\\fB\\-\\-[no\\-]x\\fR\nof it\n'],
] as const)('a flag %j', (flag, text) => {
  expect(page({ flags: { x: { description: 'of it', ...flag } } })).toContain(text)
})

test('flags without a group come before those that have one', () => {
  const flags = {
    a: { type: 'boolean', helpGroup: 'output' },
    b: { type: 'boolean' },
  } as const
  expect(page({ flags })).toMatch(/OPTIONS"\n\.TP\n.*b\\fR\n\\&\n\.SS "Output"\n\.TP\n.*a\\fR\n/)
})

test('templates of texts and the usage that begins with the own words', () => {
  const text = page({
    usage: 'do FILE [FLAGS]',
    description: '<%= config.bin %> does',
    examples: [{ description: 'as root', command: 'sudo <%= config.bin %> <%= command.id %> x' }],
  })
  expect(text).toContain('\\fBlinsight do\\fR FILE [FLAGS]\n')
  expect(text).toContain('"DESCRIPTION"\nlinsight does\n')
  expect(text).toContain('as root\n.RS 4\n.nf\n\\fBsudo linsight do x\\fR\n.fi\n.RE\n')
  expect(text).not.toContain('<%')
})

test('other pages, with commas between', () => {
  expect(page({})).toMatch(/\.BR linsight \(1\),\n\.BR other \(1\)\n$/)
})
