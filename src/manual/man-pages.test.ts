import { expect, test } from 'vitest'
import { manPages } from './man-pages.ts'

const FACTS = {
  bins: { linsight: undefined, one: 'one' },
  topics: { top: { description: 'a topic' } },
  version: '1.2.3',
  date: '2026-11-21',
}

const pages = manPages(
  {
    one: {
      summary: 'the one',
      usage: '[-a] [FILTER]',
      examples: [{ description: 'all of it', command: '$ <%= config.bin %> -a' }],
      flags: {
        sort: {
          type: 'option',
          char: 's',
          helpValue: 'KEY',
          description: 'by this',
          helpGroup: 'output',
          default: 'time',
        },
        from: { type: 'option', helpValue: 'PATH', description: 'a recording', env: 'LINSIGHT_FROM' },
        trace: { type: 'boolean', allowNo: true, description: 'count', multiple: false },
        secret: { type: 'boolean', hidden: true, description: 'not told' },
      },
      fields: '\nRecv-Q  bytes\n        not read\n\nNot shown: closed ones.',
      exitCodes: '\n0  done\n',
    },
    'top:do': {
      summary: 'does',
      args: { file: { description: 'to read', required: true } },
      examples: ['<%= config.bin %> <%= command.id %> x'],
    },
    'top:other': { summary: 'other' },
    __hidden: { summary: 'hidden', hidden: true },
  },
  FACTS,
)

test('a page for every command that is shown, by the name it has on the PATH, and one for the umbrella', () => {
  expect(Object.keys(pages)).toEqual(['linsight.1', 'one.1', 'linsight-top-do.1', 'linsight-top-other.1'])
})

test('the page of a command', () => {
  expect(pages['one.1']).toBe(`.TH "ONE" "1" "2026-11-21" "linsight 1.2.3" "linsight"
.nh
.ad l
.SH "NAME"
one \\- the one
.SH "SYNOPSIS"
\\fBone\\fR [-a] [FILTER]
.SH "EXAMPLES"
all of it
.RS 4
.nf
\\fBone \\-a\\fR
.fi
.RE
.SH "OPTIONS"
.TP
\\fB\\-\\-from\\fR=\\fIPATH\\fR
a recording (or LINSIGHT_FROM in the environment)
.TP
\\fB\\-\\-[no\\-]trace\\fR
count
.SS "Output"
.TP
\\fB\\-s\\fR, \\fB\\-\\-sort\\fR=\\fIKEY\\fR
by this (default time)
.SH "FIELDS"
.TP
\\fBRecv\\-Q\\fR
bytes not read
.PP
Not shown: closed ones.
.SH "EXIT STATUS"
.TP
\\fB0\\fR
done
.SH "SEE ALSO"
.BR linsight (1)
`)
})

test('a command below a topic: its own words, its neighbours', () => {
  const page = pages['linsight-top-do.1']!
  expect(page).toContain('linsight\\-top\\-do \\- does\n')
  expect(page).toContain('\\fBlinsight top do\\fR FILE [FLAGS]\n')
  expect(page).toContain('\\fBlinsight top do x\\fR\n')
  expect(page).toContain('.BR linsight\\-top\\-other (1)\n')
  expect(page).not.toContain('one (1)')
})

test('the umbrella lists every command and exit code', () => {
  const page = pages['linsight.1']!
  expect(page).toContain('\\fBone\\fR\nthe one\n')
  expect(page).toContain('\\fBlinsight top do\\fR\ndoes\n')
  expect(page).toContain('\\fB128+n\\fR\nended by signal n\n')
  expect(page).not.toContain('hidden')
})
