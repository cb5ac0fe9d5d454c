import { expect, test } from 'vitest'
import { usageError, type OclifError } from './usage-error.ts'

const CONTEXT = { bin: 'linsight', command: 'snapshot show', commands: ['snapshot show', 'snapshot save', 'mynetstat'] }
const HELP = 'see linsight snapshot show --help'
const MORE = '\nSee more help with --help'

const rows: [text: string, facts: Partial<OclifError>, message: string, hint: string][] = [
  [
    `Nonexistent flag: --jsn${MORE}`,
    { flags: ['--jsn'], parse: { input: { flags: { json: {}, from: {} } } } },
    'there is no flag --jsn',
    'did you mean --json?',
  ],
  [
    `Nonexistent flag: --port${MORE}`,
    { flags: ['--port'], parse: { input: { flags: { top: {}, host: {} } } } },
    'there is no flag --port',
    HELP,
  ],
  [`Nonexistent flags: --a, --b${MORE}`, { flags: ['--a', '--b'] }, 'there is no flag --a, --b', HELP],
  ['command snapshot:shw not found', {}, 'there is no command snapshot shw', 'did you mean snapshot show?'],
  ['command mynetstat:x:y not found', {}, 'mynetstat takes no x y', 'see linsight mynetstat --help'],
  ['Command bpf:x not found.', {}, 'there is no command bpf x', HELP],
  [
    `Missing 2 required args:\nfile  what\nto  where${MORE}`,
    {
      args: [
        { name: 'file', description: 'what' },
        { name: 'to', description: 'where' },
      ],
    },
    'FILE (what) and TO (where) are missing',
    HELP,
  ],
  [`Unexpected arguments: a, b${MORE}`, {}, 'a, b are 2 words too many', HELP],
  [`Expected --by=prot to be one of: tuple, port${MORE}`, {}, '--by prot is none of tuple, port', 'did you mean port?'],
  [`Flag --from expects a value${MORE}`, {}, '--from needs a value', HELP],
  [
    `Parsing --top \n\tExpected an integer greater than or equal to 1 but received: -3${MORE}`,
    {},
    '--top -3 is less than 1',
    HELP,
  ],
  [`Parsing --top \n\tExpected an integer but received: ten${MORE}`, {}, '--top ten is no whole number', HELP],
  [
    `The following error occurred:\n  --a=1 cannot also be provided when using --b${MORE}`,
    {},
    'The following error occurred:; --a=1 cannot also be provided when using --b',
    HELP,
  ],
]

test.each(rows)('%j', (text, facts, message, hint) => {
  const error = usageError(Object.assign(new Error(text), facts), CONTEXT)
  expect([error.message, error.hint, error.exit, error.code]).toEqual([message, hint, 2, 'usage'])
})

test.each([
  ['--host', '--host=-oX', '--host cannot be -oX: no value begins with -', HELP],
  ['--from', '--from=-x', '--from cannot be -x: no value begins with -', 'a file of that name is written ./-x'],
  [
    '--from',
    '--fr=--json',
    '--from cannot be --json: no value begins with -',
    'a file of that name is written ./--json',
  ],
  ['--from', '--from', '--from needs a value', HELP],
  ['--from', '--host=-x', '--from needs a value', HELP],
])('%s in %s: a value that oclif takes for a flag', (flag, word, message, hint) => {
  const error = usageError(new Error(`Flag ${flag} expects a value${MORE}`), { ...CONTEXT, words: ['a', word] })
  expect([error.message, error.hint]).toEqual([message, hint])
})
