import { expect, test } from 'vitest'
import { runBin } from '../support/run.ts'

const rows: [bin: string, args: string[], message: string, hint: string][] = [
  [
    'linsight',
    ['snapshot', 'show'],
    'FILE (snapshot, tar archive or folder; - is stdin) is missing',
    'see linsight snapshot show --help',
  ],
  ['linsight', ['snapshot', 'show', 'a', 'b', 'c'], 'c is one word too many', 'see linsight snapshot show --help'],
  ['linsight', ['snapshot', 'shw', 'x'], 'there is no command snapshot shw x', 'did you mean snapshot show?'],
  ['linsight', ['snapsho', 'show'], 'there is no command snapsho show', 'did you mean snapshot show?'],
  ['linsight', ['snapsho'], 'there is no command snapsho', 'did you mean snapshot?'],
  ['linsight', ['bpf', 'lst', '--help'], 'there is no command bpf lst', 'did you mean bpf list?'],
  ['linsight', ['mynetsat', '-a'], 'there is no command mynetsat', 'did you mean mynetstat?'],
  ['linsight', ['nothing'], 'there is no command nothing', 'see linsight --help'],
  ['linsight', ['--bogus'], 'there is no flag --bogus', 'see linsight --help'],
  ['linsight', ['bpf', 'list', '--colr=always'], 'there is no flag --colr=always', 'did you mean --color?'],
  [
    'linsight',
    ['bpf', 'list', '--color', 'alwys'],
    '--color alwys is none of auto, always, never',
    'did you mean always?',
  ],
  [
    'linsight',
    ['bpf', 'list', '--color'],
    '--color needs a value: auto, always, never',
    'see linsight bpf list --help',
  ],
  ['tw-stats', ['--from'], '--from needs a value', 'see tw-stats --help'],
  ['tw-stats', ['--top', 'ten'], '--top ten is no whole number', 'see tw-stats --help'],
  ['tw-stats', ['--from='], '--from is empty', 'name a file, or leave the flag out'],
  ['linsight', ['bpf', 'list', '--from', ''], '--from is empty', 'name a file, or leave the flag out'],
  ['trace-syscalls', ['--diff=', '--from', 'x'], '--diff is empty', 'name a file, or leave the flag out'],
  ['linsight', ['bpf', 'show', 'opnsnoop'], 'there is no job opnsnoop', 'did you mean opensnoop?'],
  ['mynetstat', ['--columns', 'pid,proram'], '--columns knows no column proram', 'did you mean program?'],
  ['mynetstat', ['--sort', 'stat'], '--sort knows no column stat', 'did you mean state?'],
  ['trace-syscalls', ['--columns', 'cals', '--from', 'x'], 'there is no column "cals"', 'did you mean calls?'],
  ['trace-syscalls', ['--sort', 'erors', '--from', 'x'], 'rows cannot be sorted by "erors"', 'did you mean errors?'],
  ['mynetstat', ['--colums', 'pid'], 'there is no flag --colums', 'did you mean --columns?'],
]

test.each(rows)('%s %j: one sentence and the next step', (bin, args, message, hint) => {
  expect(runBin(bin, args)).toEqual({ status: 2, stdout: '', stderr: `${bin}: ${message}\n  ${hint}\n` })
})

test('under --json the same as a document', () => {
  const { status, stdout, stderr } = runBin('linsight', ['snapshot', 'shw', '--json'])
  expect([status, stderr]).toEqual([2, ''])
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'usage', message: 'there is no command snapshot shw', exit: 2, hint: 'did you mean snapshot show?' },
  })
})

test('an empty variable LINSIGHT_FROM is as none', () => {
  expect(runBin('linsight', ['bpf', 'list', 'nothing-like-this'], { env: { LINSIGHT_FROM: '' } }).status).toBe(1)
})
